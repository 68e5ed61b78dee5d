package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiled code does in each fuel mode. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuelModeTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (import "host" "begun" (func $begun))
            (memory 1)
            (func (export "endless") (call $begun) (loop $again (br $again)))
            (func $deeper (param i32) (result i32)
              (i32.add
                (call $leaf (local.get 0))
                (if (result i32) (i32.eqz (local.get 0))
                  (then (i32.const 0))
                  (else (i32.add
                    (call $deeper (i32.sub (local.get 0) (i32.const 1)))
                    (call $deeper (i32.sub (local.get 0) (i32.const 1))))))))
            (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
            (func (export "calls") (param i32) (result i32)
              (call $begun)
              (call $deeper (local.get 0)))
            (func (export "sum") (param i32) (result i32) (local i32)
              (loop $again
                (local.set 1 (i32.add (local.get 1) (i32.mul (local.get 0) (local.get 0))))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
              (local.get 1))
            (func (export "trap") (param i32) (result i32)
              (i32.add (i32.div_s (i32.const 1) (local.get 0)) (i32.load (local.get 0)))))
          """);

  private static Engine engine(FuelMode mode) {
    return Engine.builder().tier(Tier.JIT).fuelMode(mode).build();
  }

  private static Instance instance(Store store, Runnable begun) {
    return new Linker().func("host", "begun", Runnable.class, begun).instantiate(store, MODULE);
  }

  private static final int DEPTH = 40;

  @ParameterizedTest
  @ValueSource(strings = {"endless", "calls"})
  void epochsStopEndlessCode(String name) {
    for (FuelMode mode : new FuelMode[] {FuelMode.EXACT, FuelMode.EPOCH}) {
      Store store = engine(mode).newStore();
      Instance instance = instance(store, () -> {});
      Object[] arguments = name.equals("calls") ? new Object[] {DEPTH} : new Object[0];
      store.setDeadline(Duration.ofMillis(50));
      Trap trap = assertThrows(Trap.class, () -> instance.func(name).call(arguments));
      assertEquals(TrapKind.DEADLINE, trap.kind());
      store.clearDeadline();
      assertEquals(385, instance.func("sum").call(10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless", "calls"})
  void epochsSeeInterruption(String name) throws InterruptedException {
    Store store = engine(FuelMode.EPOCH).newStore();
    CountDownLatch begun = new CountDownLatch(1);
    Instance instance = instance(store, begun::countDown);
    Thread other =
        new Thread(
            () -> {
              try {
                begun.await();
                store.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    other.start();
    Object[] arguments = name.equals("calls") ? new Object[] {DEPTH} : new Object[0];
    Trap trap = assertThrows(Trap.class, () -> instance.func(name).call(arguments));
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    other.join();
  }

  @ParameterizedTest
  @EnumSource(FuelMode.class)
  void resultsAndTrapsAreTheSame(FuelMode mode) {
    Store store = engine(mode).newStore();
    Instance instance = instance(store, () -> {});
    assertEquals(333_833_500, instance.func("sum").call(1000));
    assertEquals(1, instance.func("trap").call(1));
    Trap zero = assertThrows(Trap.class, () -> instance.func("trap").call(0));
    assertEquals(TrapKind.INTEGER_DIVIDE_BY_ZERO, zero.kind());
    assertEquals(1, zero.frames().size());
    Trap outside = assertThrows(Trap.class, () -> instance.func("trap").call(-1));
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, outside.kind());
  }

  @Test
  void onlyExactEnginesCount() {
    Store store = engine(FuelMode.EPOCH).newStore();
    assertThrows(IllegalStateException.class, () -> store.setFuel(1));
    Store exact = engine(FuelMode.EXACT).newStore();
    exact.setFuel(1000);
    Instance instance = instance(exact, () -> {});
    assertEquals(
        TrapKind.OUT_OF_FUEL,
        assertThrows(Trap.class, () -> instance.func("endless").call()).kind());
  }

  /** Where exceptions are caught fuel is compared or the time looked at, or there is no code. */
  @ParameterizedTest
  @EnumSource(FuelMode.class)
  void whatFollowsAHandlerTrapsAtItsOwnPlace(FuelMode mode) {
    Module module =
        Module.parse("(module (func (export \"run\") (try (do) (catch_all)) (unreachable)))");
    Store store = engine(mode).newStore();
    Instance instance = new Linker().instantiate(store, module);
    Trap trap = assertThrows(Trap.class, () -> instance.func("run").call());
    int unreachable = module.bodies().getFirst().code().start() + 4;
    assertEquals(unreachable, trap.frames().getFirst().offset());
  }
}
