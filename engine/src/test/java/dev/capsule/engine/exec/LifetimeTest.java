package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is freed, when, and what is not allocated in the first place. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifetimeTest {
  private static Engine engine() {
    return Engine.builder().tier(Tier.INTERPRETER).build();
  }

  private static ModuleCode code(Engine engine, Module module) {
    return ((ExecStore) engine.newStore()).engineState.prepare(module);
  }

  private static void awaitCleared(WeakReference<?> reference) throws InterruptedException {
    while (reference.get() != null) {
      System.gc();
      Thread.sleep(5);
    }
  }

  @Test
  void codeIsSharedByStoresAndGoesWithItsEngine() throws InterruptedException {
    Module module = Module.parse("(module (func (export \"f\")))");
    Engine stays = engine();
    ModuleCode kept = code(stays, module);
    assertSame(kept, code(stays, module));
    Engine goes = engine();
    WeakReference<ModuleCode> code = new WeakReference<>(code(goes, module));
    assertNotSame(kept, code.get());
    assertSame(code.get(), code(goes, module));
    goes = null;
    awaitCleared(code);
    assertSame(kept, code(stays, module));
    Reference.reachabilityFence(module);
  }

  @Test
  void codeGoesWithItsModule() throws InterruptedException {
    Engine engine = engine();
    Module module = Module.parse("(module (func (export \"f\")))");
    WeakReference<ModuleCode> code = new WeakReference<>(code(engine, module));
    new Linker().instantiate(engine.newStore(), module).func("f").call();
    module = null;
    awaitCleared(code);
    Reference.reachabilityFence(engine);
  }

  private static final int LIMIT = 4 << 20;
  private static final int SLACK = 32 << 20;

  private static void churn(ExecStore store, ModuleCode code) {
    for (int i = 0; i < 20 * LIMIT / 200; i++) {
      StructOps.create(store, code.layout(0));
      ArrayOps.create(store, code.module.defType(1), 100);
    }
  }

  @Test
  void garbageOfTheGuestIsNotCountedForEver() {
    Engine engine = engine();
    ExecStore store = (ExecStore) engine.newStore(StoreLimits.DEFAULT.withHeapBytes(LIMIT));
    ModuleCode code =
        code(
            engine,
            Module.parse(
                """
                (module
                  (type $cell (struct (field (mut (ref null $cell))) (field i64)))
                  (type $bytes (array (mut i8))))
                """));
    churn(store, code);
    assertTrue(store.heapBytes() <= LIMIT + SLACK);
    List<StructObject> kept = new ArrayList<>();
    Trap trap =
        assertThrows(
            Trap.class,
            () -> {
              while (true) {
                kept.add(StructOps.create(store, code.layout(0)));
              }
            });
    assertEquals(TrapKind.OUT_OF_MEMORY, trap.kind());
    long bytes = (long) kept.size() * code.layout(0).bytes;
    assertTrue(bytes > LIMIT && bytes <= LIMIT + SLACK, () -> bytes + " bytes until the limit");
    assertTrue(store.heapBytes() >= bytes);
    kept.clear();
    churn(store, code);
    assertTrue(store.heapBytes() <= LIMIT + SLACK);
  }

  @Test
  void typedCallsAllocateNothing() {
    Instance instance =
        new Linker()
            .func("host", "mul", DoubleBinaryOperator.class, (a, b) -> a * b)
            .instantiate(
                engine().newStore(),
                Module.parse(
                    """
                    (module
                      (import "host" "mul" (func $mul (param f64 f64) (result f64)))
                      (func (export "add") (param i32 i32) (result i32)
                        (i32.add (local.get 0) (local.get 1)))
                      (func (export "mul") (param f64 f64) (result f64)
                        (call $mul (local.get 0) (local.get 1))))
                    """));
    IntBinaryOperator add = instance.func("add").as(IntBinaryOperator.class);
    DoubleBinaryOperator mul = instance.func("mul").as(DoubleBinaryOperator.class);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    double product = 0;
    long least = Long.MAX_VALUE;
    // The first rounds allocate what lazy parts and method handles need.
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
      for (int i = 0; i < 10_000; i++) {
        sum += add.applyAsInt(i, 1_000_000);
        product += mul.applyAsDouble(i, 1.5);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
      least = Math.min(least, after - before);
    }
    assertTrue(sum > 0 && product > 0);
    assertTrue(least < 10_000, "20,000 calls allocated " + least + " bytes");
  }
}
