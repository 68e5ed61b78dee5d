package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import org.junit.jupiter.api.Test;

/** A module is compiled once it has run for a while, by what it has executed and by no clock. */
class PatienceTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (memory 1)
            (tag $stop)
            (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func (export "rounds") (param i32) (result i32)
              (loop $more
                (local.set 0 (i32.sub (call $leaf (local.get 0)) (i32.const 2)))
                (br_if $more (local.get 0)))
              (local.get 0))
            (func (export "fill") (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)))
            (func (export "catch") (param i32)
              (loop $more
                (block $caught
                  (try_table (catch_all $caught) (throw $stop)))
                (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "trap") (param i32)
              (loop $more
                (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
              unreachable))
          """);

  private static Instance instance(Store store) {
    return new Linker().instantiate(store, MODULE);
  }

  private static ModuleCode code(Instance instance) {
    return ((WasmFunction) instance.func("rounds")).code.module;
  }

  @Test
  void whatHasRunForLessIsInterpreted() {
    Instance instance = instance(Engine.builder().build().newStore());
    ModuleCode code = code(instance);
    code.functions[1].heat = 1_000_000;
    code.interpreted = CompilingTier.PATIENCE - 10 * ExecStore.SLICE;
    // Ten units of fuel each: five slices.
    instance.func("rounds").call(50_000);
    assertFalse(code.lasting);
    instance.func("rounds").call(100_000);
    assertTrue(code.lasting);
  }

  /** However short the calls are, however many stores they are in, and whichever way they end. */
  @Test
  void countsWhatIsInterpreted() {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Store one = engine.newStore();
    Store other = engine.newStore();
    Instance first = instance(one);
    Instance second = instance(other);
    ModuleCode code = code(first);
    assertEquals(code, code(second));
    for (int i = 1; i < 20; i++) {
      first.func("rounds").call(i);
      second.func("rounds").call(1000 * i);
      first.func("fill").call();
      first.func("catch").call(3000 * i);
      int rounds = 5000 * i;
      assertThrows(Trap.class, () -> second.func("trap").call(rounds));
      assertEquals(one.fuelConsumed() + other.fuelConsumed(), code.interpreted);
    }
    other.setFuel(150_000);
    assertThrows(Trap.class, () -> second.func("rounds").call(1_000_000));
    assertEquals(one.fuelConsumed() + other.fuelConsumed(), code.interpreted);
  }

  /** Short functions of another module, which never look at the time themselves. */
  @Test
  void countsWhatOtherModulesCall() {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Module leaves =
        Module.parse(
            """
            (module (func (export "leaf") (param i32) (result i32)
              (i32.add (local.get 0) (i32.const 1))))
            """);
    Module rounds =
        Module.parse(
            """
            (module
              (import "leaves" "leaf" (func $leaf (param i32) (result i32)))
              (func (export "rounds") (param i32) (result i32)
                (loop $more
                  (local.set 0 (i32.sub (call $leaf (local.get 0)) (i32.const 2)))
                  (br_if $more (local.get 0)))
                (local.get 0)))
            """);
    Instance callee = new Linker().instantiate(store, leaves);
    Instance caller = new Linker().define("leaves", callee).instantiate(store, rounds);
    caller.func("rounds").call(50_000);
    long outside = ((WasmFunction) caller.func("rounds")).code.module.interpreted;
    long inside = ((WasmFunction) callee.func("leaf")).code.module.interpreted;
    assertEquals(50_000 * 3, inside);
    assertEquals(store.fuelConsumed(), inside + outside);
  }

  @Test
  void doesNotCountWhatIsCompiled() {
    Store store = Engine.builder().tier(Tier.JIT).build().newStore();
    Instance instance = instance(store);
    instance.func("rounds").call(1);
    long before = code(instance).interpreted;
    instance.func("rounds").call(1_000_000);
    assertTrue(store.fuelConsumed() > 1_000_000);
    assertEquals(before, code(instance).interpreted);
  }
}
