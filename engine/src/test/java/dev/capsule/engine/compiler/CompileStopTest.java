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
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is compiled before its first call is not compiled when the time is over, although nothing of
 * what is called looks at it.
 */
class CompileStopTest {
  private static final Module OTHER =
      Module.parse(
          """
          (module
            (func (export "other") (param i32) (result i32)
              (i32.xor (local.get 0) (i32.const 5))))
          """);

  private static final Module MODULE =
      Module.parse(
          """
          (module
            (import "host" "stop" (func $stop (param i32) (result i32)))
            (import "other" "other" (func $other (param i32) (result i32)))
            (type $unary (func (param i32) (result i32)))
            (table funcref (elem $short))
            (elem declare func $short)
            (func $short (type $unary) (i32.add (local.get 0) (i32.const 1)))
            (func $outer (type $unary)
              (i32.mul (call $short (i32.sub (local.get 0) (i32.const 3))) (i32.const 7)))
            (func $long (type $unary)
              (local.set 0 (i32.add (local.get 0) (i32.const 1)))
              (loop)
              (i32.add (local.get 0) (i32.const 1)))
            (func (export "short") (type $unary)
              (i32.sub (call $short (call $stop (local.get 0))) (i32.const 2)))
            (func (export "outer") (type $unary)
              (i32.sub
                (call $outer (i32.and (i32.const 2) (call $stop (local.get 0))))
                (i32.const 2)))
            (func (export "long") (type $unary)
              (i32.sub (call $long (call $stop (local.get 0))) (i32.const 2)))
            (func (export "later") (type $unary)
              (call $short (local.get 0))
              (call $stop)
              (i32.add (call $long (i32.const 7))))
            (func (export "inner") (type $unary)
              (call $later (call $long (local.get 0))))
            (func $later (type $unary)
              (i32.sub (call $outer (call $stop (local.get 0))) (i32.const 2)))
            (func (export "indirect") (type $unary)
              (call_indirect (type $unary) (call $stop (local.get 0)) (i32.const 0)))
            (func (export "reference") (type $unary)
              (call_ref $unary (call $stop (local.get 0)) (ref.func $short)))
            (func (export "import") (type $unary)
              (i32.add (i32.const 1) (call $other (call $stop (local.get 0)))))
            (func (export "tail") (type $unary)
              (return_call $outer (call $stop (local.get 0)))))
          """);

  private IntUnaryOperator host = n -> n;

  private Instance instantiate(Store store) {
    Linker linker = new Linker();
    linker.func("host", "stop", IntUnaryOperator.class, n -> host.applyAsInt(n));
    linker.define("other", linker.instantiate(store, OTHER));
    return linker.instantiate(store, MODULE);
  }

  private static Store store(Tier tier, FuelMode fuel) {
    return Engine.builder().tier(tier).fuelMode(fuel).background(false).build().newStore();
  }

  /**
   * Names of functions, how many of them are compiled when the call stops, and what has been
   * consumed: up to the call of the function that is not compiled, and that included.
   */
  @ParameterizedTest
  @CsvSource({
    "short, 1, 3",
    "outer, 1, 5",
    "long, 1, 3",
    "later, 2, 8",
    "inner, 3, 13",
    "indirect, 1, 4",
    "reference, 1, 4",
    "import, 1, 4",
    "tail, 1, 3"
  })
  void nothingIsCompiledWhenTheTimeIsOver(String function, int compiled, long consumed) {
    Store store = store(Tier.JIT, FuelMode.EXACT);
    Instance instance = instantiate(store);
    for (TrapKind kind : List.of(TrapKind.INTERRUPTED, TrapKind.DEADLINE)) {
      long before = store.fuelConsumed();
      host =
          n -> {
            if (kind == TrapKind.DEADLINE) {
              store.setDeadline(Duration.ZERO);
            } else {
              store.interrupt();
            }
            return n;
          };
      Trap trap = assertThrows(Trap.class, () -> instance.func(function).call(9));
      assertEquals(kind, trap.kind());
      assertEquals(compiled, store.engine().statistics().compiled(), kind.name());
      assertEquals(consumed, store.fuelConsumed() - before, kind.name());
      store.clearDeadline();
    }

    // Then it goes on as if nothing had been.
    host = n -> n;
    Store interpreted = store(Tier.INTERPRETER, FuelMode.EXACT);
    Instance expected = instantiate(interpreted);
    long before = store.fuelConsumed();
    assertEquals(expected.func(function).call(9), instance.func(function).call(9));
    assertEquals(interpreted.fuelConsumed(), store.fuelConsumed() - before);
    assertEquals(0, store.engine().statistics().failed());
  }

  @ParameterizedTest
  @EnumSource(FuelMode.class)
  void itIsSoWhateverIsCounted(FuelMode fuel) {
    Store store = store(Tier.JIT, fuel);
    Instance instance = instantiate(store);
    host =
        n -> {
          store.interrupt();
          return n;
        };
    Trap trap = assertThrows(Trap.class, () -> instance.func("outer").call(9));
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    assertEquals(1, store.engine().statistics().compiled());
  }

  /**
   * The store whose code calls is asked, not one that has called its host or that it has called.
   */
  @Test
  void otherStoresGoOn() {
    Store outer = store(Tier.JIT, FuelMode.EXACT);
    Store inner = store(Tier.JIT, FuelMode.EXACT);
    Instance calling = instantiate(outer);
    IntUnaryOperator none = n -> n;
    Instance called = instantiate(inner);
    host =
        n -> {
          host = none;
          outer.interrupt();
          called.func("outer").call(n);
          return n;
        };
    Trap trap = assertThrows(Trap.class, () -> calling.func("short").call(9));
    assertEquals(TrapKind.INTERRUPTED, trap.kind());
    assertEquals(1, outer.engine().statistics().compiled());
    assertEquals(3, inner.engine().statistics().compiled());
    assertEquals(3, outer.fuelConsumed());
  }
}
