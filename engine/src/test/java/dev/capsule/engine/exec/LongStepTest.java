package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work that takes long does not keep a guest from being stopped. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongStepTest {
  private static final long MUCH = 1L << 30;

  private final ExecStore store =
      (ExecStore)
          Engine.builder()
              .tier(Tier.INTERPRETER)
              .build()
              .newStore(StoreLimits.DEFAULT.withMemoryBytes(MUCH));

  /** Runs code as a host function that a guest has called. */
  private void within(Runnable host) {
    new Linker()
        .func("host", "run", FuncType.EMPTY, caller -> host.run())
        .instantiate(
            store,
            Module.parse("(module (import \"host\" \"run\" (func $f)) (export \"run\" (func $f)))"))
        .func("run")
        .call();
  }

  @Test
  void largeWorkIsDoneByAThreadOfItsOwn() {
    Thread guest = Thread.currentThread();
    Supplier<Thread> work = Thread::currentThread;
    assertSame(guest, LongStep.result(store, MUCH, work), "no guest runs");
    within(() -> assertSame(guest, LongStep.result(store, 1000, work)));
    within(() -> assertNotSame(guest, LongStep.result(store, MUCH, work)));
  }

  @Test
  void failuresPassThrough() {
    OutOfMemoryError full = new OutOfMemoryError("a test's");
    within(
        () ->
            assertSame(
                full,
                assertThrows(
                    OutOfMemoryError.class,
                    () ->
                        LongStep.result(
                            store,
                            MUCH,
                            () -> {
                              throw full;
                            }))));
  }

  /** The work ends only after the guest has been stopped. */
  @Test
  void aDeadlineStopsTheGuestBeforeTheWorkEnds() {
    CountDownLatch stopped = new CountDownLatch(1);
    store.setDeadline(Duration.ofMillis(20));
    Trap trap =
        assertThrows(
            Trap.class, () -> within(() -> LongStep.result(store, MUCH, () -> await(stopped))));
    stopped.countDown();
    assertEquals(TrapKind.DEADLINE, trap.kind());
  }

  @Test
  void anInterruptionStopsTheGuestBeforeTheWorkEnds() {
    CountDownLatch stopped = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    Trap trap =
        assertThrows(
            Trap.class, () -> within(() -> LongStep.result(store, MUCH, () -> await(stopped))));
    stopped.countDown();
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    assertTrue(Thread.interrupted());
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a trap has left behind is waited for, or a guest could have any amount made at once. */
  @Test
  void thereIsOneStepAtATime() {
    CountDownLatch stopped = new CountDownLatch(1);
    // Stopped by the step itself, for one that a deadline finds may not have begun.
    Supplier<Boolean> waiting =
        () -> {
          store.interrupt();
          return await(stopped);
        };
    assertThrows(Trap.class, () -> within(() -> LongStep.result(store, MUCH, waiting)));
    store.setDeadline(Duration.ofMillis(20));
    Supplier<Boolean> never = () -> fail("two at a time");
    Trap trap = assertThrows(Trap.class, () -> within(() -> LongStep.result(store, MUCH, never)));
    assertEquals(TrapKind.DEADLINE, trap.kind());
    store.clearDeadline();
    stopped.countDown();
    within(() -> assertEquals(7, LongStep.<Integer>result(store, MUCH, () -> 7)));
  }

  /** The deadline of the store that owns a shared memory is not that of one that grows it. */
  @Test
  void sharedMemoriesGrowInTheTimeOfTheCaller() {
    ExecStore other = (ExecStore) store.engine().newStore();
    Memory memory =
        Memory.create(store, new MemoryType(AddressType.I32, Limits.of(1, 2000), true, 16));
    Module module =
        Module.parse(
            """
            (module
              (import "host" "memory" (memory 1 2000 shared))
              (func (export "grow") (result i32) (memory.grow (i32.const 600))))
            """);
    store.setDeadline(Duration.ZERO);
    var instance = new Linker().define("host", "memory", memory).instantiate(other, module);
    assertEquals(1, instance.func("grow").call());
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void memoriesAndArraysAreMadeWhole(Tier tier) {
    var instance =
        new Linker()
            .instantiate(
                Engine.builder().tier(tier).background(false).build().newStore(),
                Module.parse(
                    """
                    (module
                      (memory (export "m") 1)
                      (type $bytes (array (mut i8)))
                      (data (i32.const 7) "x")
                      (func (export "grow") (result i32) (memory.grow (i32.const 600)))
                      (func (export "array") (result i32) (local (ref null $bytes))
                        (local.set 0 (array.new $bytes (i32.const 9) (i32.const 40000000)))
                        (i32.add
                          (array.get_u $bytes (local.get 0) (i32.const 39999999))
                          (array.len (local.get 0)))))
                    """));
    assertEquals(1, instance.func("grow").call());
    Memory memory = instance.memory("m");
    assertEquals(601L << 16, memory.byteSize());
    assertEquals('x', memory.getByte(7));
    assertEquals(40_000_009, instance.func("array").call());
  }

  @Test
  void aGrowthThatIsStoppedHasNotHappened() {
    Memory memory = Memory.create(store, new MemoryType(Limits.of(1)));
    within(
        () -> {
          Thread.currentThread().interrupt();
          Trap trap = assertThrows(Trap.class, () -> memory.grow(1000));
          assertEquals(TrapKind.INTERRUPTED, trap.kind());
          assertTrue(Thread.interrupted());
          assertEquals(1, memory.pages());
          assertEquals(1 << 16, store.limiter.memoryBytes());
        });
    assertEquals(1, memory.grow(1000));
    assertEquals(1001 << 16, store.limiter.memoryBytes());
  }
}
