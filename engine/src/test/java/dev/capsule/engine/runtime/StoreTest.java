package dev.capsule.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fuel, time and interruption of running code. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreTest {
  private final Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
  private final Store store = engine.newStore();

  private static final String PROGRAMS =
      """
      (module
        (import "host" "sleep" (func $sleep))
        (import "host" "call" (func $call (param i32) (result i32)))
        (memory (export "memory") 1)
        (table $t 1000000 funcref)
        (type $bytes (array (mut i8)))
        (global $big (mut (ref null $bytes)) (ref.null $bytes))
        (func (export "sum") (param i32) (result i32) (local i32)
          (loop $l
            (local.set 1 (i32.add (local.get 1) (local.get 0)))
            (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get 1))
        (func (export "loop") (loop (br 0)))
        (func $a (export "tail") (return_call $b))
        (func $b (return_call $a))
        (func $recurse (export "recurse") (call $recurse))
        (func (export "fill") (loop
          (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0)))
        (func (export "table") (loop
          (table.fill $t (i32.const 0) (ref.null func) (i32.const 1000000)) (br 0)))
        (func (export "sleeping") (loop (call $sleep) (br 0)))
        (func (export "call") (param i32) (result i32) (call $call (local.get 0)))
        (func (export "boom") (result i32) unreachable))
      """;

  private Instance instance(HostCall sleep, HostCall call) {
    return new Linker()
        .func("host", "sleep", FuncType.EMPTY, sleep)
        .func("host", "call", new FuncType(List.of(NumType.I32), List.of(NumType.I32)), call)
        .instantiate(store, Module.parse(PROGRAMS));
  }

  private Instance instance() {
    return instance(caller -> {}, caller -> {});
  }

  @Test
  void fuelIsCountedExactly() {
    Func sum = instance().func("sum");
    assertEquals(OptionalLong.empty(), store.fuel());
    assertEquals(0, store.fuelConsumed());
    assertEquals(55, sum.call(10));
    // Nine counted instructions per turn and one after the loop.
    assertEquals(91, store.fuelConsumed());
    store.setFuel(1000);
    assertEquals(5050, sum.call(100));
    assertEquals(OptionalLong.of(1000 - 901), store.fuel());
    assertEquals(992, store.fuelConsumed());
  }

  @Test
  void runningOutLeavesTheStoreUsable() {
    Func sum = instance().func("sum");
    store.setFuel(500);
    Trap trap = assertThrows(Trap.class, () -> sum.call(100));
    assertEquals(TrapKind.OUT_OF_FUEL, trap.kind());
    assertEquals(OptionalLong.of(0), store.fuel());
    long consumed = store.fuelConsumed();
    assertTrue(consumed > 500 && consumed <= 510, () -> "consumed " + consumed);
    store.addFuel(1000);
    assertEquals(OptionalLong.of(1500 - consumed), store.fuel());
    assertEquals(55, sum.call(10));
    store.setFuelUnlimited();
    sum.call(1_000_000);
    assertEquals(consumed + 91 + 9_000_001, store.fuelConsumed());
    assertThrows(IllegalStateException.class, () -> store.addFuel(1));
    assertThrows(IllegalArgumentException.class, () -> store.setFuel(-1));
  }

  @Test
  void exactlyEnoughFuelIsEnough() {
    Func sum = instance().func("sum");
    store.setFuel(91);
    assertEquals(55, sum.call(10));
    assertEquals(OptionalLong.of(0), store.fuel());
  }

  @Test
  void hostsMayRefuelWhileTheGuestRuns() {
    store.setFuel(50);
    AtomicInteger calls = new AtomicInteger();
    Instance instance =
        instance(
            caller -> {
              if (calls.incrementAndGet() < 1000) {
                caller.store().addFuel(2);
              }
            },
            caller -> {});
    assertEquals(
        TrapKind.OUT_OF_FUEL,
        assertThrows(Trap.class, () -> instance.func("sleeping").call()).kind());
    assertTrue(calls.get() > 1000, () -> calls + " calls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"loop", "tail", "fill", "table", "sleeping"})
  void deadlinesStopEverything(String function) {
    Func func = instance().func(function);
    store.setDeadline(Duration.ofMillis(20));
    assertEquals(TrapKind.DEADLINE, assertThrows(Trap.class, func::call).kind());
    assertEquals(OptionalLong.of(0), store.remainingNanos());
    assertEquals(TrapKind.DEADLINE, assertThrows(Trap.class, func::call).kind());
    store.clearDeadline();
    assertEquals(OptionalLong.empty(), store.remainingNanos());
    assertEquals(3, instance().func("sum").call(2));
  }

  @ParameterizedTest
  @CsvSource({"loop,true", "loop,false", "tail,true", "tail,false", "fill,true", "sleeping,false"})
  void interruptionStopsRunningCode(String function, boolean byStore) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Instance instance = instance(caller -> running.countDown(), caller -> running.countDown());
    Thread guest = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              try {
                Thread.sleep(20);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              if (byStore) {
                store.interrupt();
              } else {
                guest.interrupt();
              }
            });
    other.start();
    Trap trap = assertThrows(Trap.class, () -> instance.func(function).call());
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    assertEquals(!byStore, Thread.interrupted());
    other.join();
    assertEquals(3, instance.func("sum").call(2));
  }

  @Test
  void anInterruptionThatFindsNothingStopsTheNextCall() {
    Func sum = instance().func("sum");
    store.interrupt();
    assertEquals(TrapKind.INTERRUPTED, assertThrows(Trap.class, () -> sum.call(1)).kind());
    assertEquals(1, sum.call(1));
    store.interrupt();
    assertTrue(store.clearInterruption());
    assertFalse(store.clearInterruption());
    assertEquals(1, sum.call(1));
  }

  @Test
  void aStoreIsForOneThreadAtATime() throws InterruptedException {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Instance[] self = new Instance[1];
    self[0] =
        instance(
            caller -> {},
            caller -> {
              Thread second =
                  new Thread(
                      () ->
                          seen.set(
                              assertThrows(
                                  IllegalStateException.class, () -> self[0].func("sum").call(1))));
              second.start();
              second.join();
            });
    assertEquals(5, self[0].func("call").call(5));
    assertTrue(seen.get().getMessage().contains("another thread"));
  }

  @Test
  void blockingHostFunctionsAreWoken() throws Exception {
    CountDownLatch sleeping = new CountDownLatch(1);
    CountDownLatch woken = new CountDownLatch(1);
    Instance instance =
        instance(
            caller -> {
              Store.Registration registration = caller.store().onInterrupt(woken::countDown);
              sleeping.countDown();
              woken.await();
              registration.close();
              caller.store().checkInterruption();
            },
            caller -> {});
    Thread other =
        new Thread(
            () -> {
              try {
                sleeping.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              store.interrupt();
            });
    other.start();
    Trap trap = assertThrows(Trap.class, () -> instance.func("sleeping").call());
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    other.join();
  }

  @Test
  void registrationsEndAndComeTooLate() {
    AtomicInteger calls = new AtomicInteger();
    Store.Registration one = store.onInterrupt(calls::incrementAndGet);
    one.close();
    store.interrupt();
    assertEquals(0, calls.get());
    store.onInterrupt(calls::incrementAndGet).close();
    assertEquals(1, calls.get(), "already interrupted when registered");
  }

  @Test
  void deepRecursionIsATrapOfOurs() {
    Instance instance = instance();
    for (int i = 0; i < 3; i++) {
      Trap trap = assertThrows(Trap.class, () -> instance.func("recurse").call());
      assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trap.kind());
    }
    assertEquals(3, instance.func("sum").call(2));
  }

  @Test
  void nestedCallsThatTrapLeaveTheOuterCallIntact() {
    Instance[] self = new Instance[1];
    AtomicInteger depth = new AtomicInteger();
    self[0] =
        instance(
            caller -> {},
            caller -> {
              int n = caller.i32(0);
              assertThrows(Trap.class, () -> self[0].func("boom").call());
              assertThrows(Trap.class, () -> self[0].func("recurse").call());
              int below = n == 0 ? 0 : (Integer) self[0].func("call").call(n - 1);
              depth.incrementAndGet();
              caller.setI32(0, below + n);
            });
    assertEquals(55, self[0].func("call").call(10));
    assertEquals(11, depth.get());
    assertEquals(
        TrapKind.CALL_STACK_EXHAUSTED,
        assertThrows(Trap.class, () -> self[0].func("call").call(1000)).kind());
    assertEquals(15, self[0].func("call").call(5));
  }

  @Test
  void trapsTellWhereTheyHappened() {
    Trap trap = assertThrows(Trap.class, () -> instance().func("boom").call());
    assertEquals(TrapKind.UNREACHABLE, trap.kind());
    assertFalse(trap.frames().isEmpty());
    assertEquals("boom", trap.frames().get(0).name());
  }

  @Test
  void enginesThatDoNotCountSaySo() {
    Store epoch =
        Engine.builder().tier(Tier.INTERPRETER).fuelMode(FuelMode.EPOCH).build().newStore();
    assertThrows(IllegalStateException.class, () -> epoch.setFuel(1));
    assertThrows(IllegalStateException.class, epoch::fuelConsumed);
    Instance loop =
        new Linker()
            .instantiate(epoch, Module.parse("(module (func (export \"l\") (loop (br 0))))"));
    epoch.setDeadline(Duration.ofMillis(10));
    assertEquals(TrapKind.DEADLINE, assertThrows(Trap.class, () -> loop.func("l").call()).kind());
  }

  @Test
  void hostFunctionsThatSwallowATrapDoNotLoseAnInterruption() {
    Module module =
        Module.parse(
            "(module (import \"host\" \"call\" (func $call))"
                + " (func (export \"inner\") (loop (br 0)))"
                + " (func (export \"outer\") (call $call) (loop (br 0))))");
    AtomicReference<Instance> instance = new AtomicReference<>();
    Linker linker = new Linker();
    linker.func(
        "host",
        "call",
        FuncType.EMPTY,
        caller -> {
          store.interrupt();
          Trap inner = assertThrows(Trap.class, () -> instance.get().func("inner").call());
          assertEquals(TrapKind.INTERRUPTED, inner.kind());
        });
    instance.set(linker.instantiate(store, module));
    Trap outer = assertThrows(Trap.class, () -> instance.get().func("outer").call());
    assertEquals(TrapKind.INTERRUPTED, outer.kind());
    assertFalse(store.clearInterruption(), "over with the outermost call");
  }
}
