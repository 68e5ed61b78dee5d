package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions whose quick ways are a method of their own do what they do in the interpreter,
 * whichever of both methods they leave by.
 */
class FrontTest {
  /** So much that the function would not be inlined whole. */
  private static final String WORK = work(14);

  private static String work(int times) {
    return """
    (i32.store (i32.const 64)
      (i32.add (i32.load (i32.const 64)) (call $other (i32.load offset=4 (local.get 0)))))
    """
        .repeat(times);
  }

  private static final String MODULE =
      """
      (module
        (memory (export "m") 1)
        (global $g (export "g") (mut i64) (i64.const 5))
        (func $other (param i32) (result i32)
          (if (i32.eq (local.get 0) (i32.const 77)) (then (unreachable)))
          (loop $again
            (br_if $again
              (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 3))) (i32.const 9))))
          (local.get 0))

        (func $counts (export "counts") (param i32) (result i32) (local i32 i64)
          (global.set $g (i64.add (global.get $g) (i64.const 1)))
          (local.set 1 (i32.load (local.get 0)))
          (i32.store (local.get 0) (i32.sub (local.get 1) (i32.const 1)))
          (if (i32.gt_s (local.get 1) (i32.const 1)) (then (return (local.get 1))))
          (local.set 2 (i64.extend_i32_u (local.get 1)))
          %1$s
          (i32.wrap_i64 (i64.add (local.get 2) (i64.extend_i32_s (local.get 1)))))

        (func (export "caller") (param i32) (result i32)
          (i32.add
            (i32.mul (call $counts (local.get 0)) (i32.const 3))
            (i32.sub (call $counts (local.get 0)) (i32.const 7))))

        (func (export "cuts") (param i32) (result i32) (local f64 f32 i64)
          (local.set 1 (f64.convert_i32_s (local.get 0)))
          (if (i32.eqz (local.get 0)) (then (return (i32.const 11))))
          (if (i32.lt_s (local.get 0) (i32.const 8))
            (then
              (local.set 2 (f32.const 1.5))
              %3$s
              (return
                (i32.trunc_f64_s (f64.add (local.get 1) (f64.promote_f32 (local.get 2)))))))
          (if (i32.gt_s (local.get 0) (i32.const 1000)) (then (return (local.get 0))))
          (local.set 3 (i64.const 9))
          %3$s
          (i32.add (i32.wrap_i64 (local.get 3)) (i32.trunc_f32_s (local.get 2))))

        (func (export "loops") (param i32) (result i32) (local i32)
          (if (i32.lt_u (local.get 0) (i32.const 4)) (then (return (local.get 0))))
          (loop $again
            (local.set 1 (i32.add (local.get 1) (i32.load8_u (local.get 0))))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get 0) (i32.const 3000))))
          %1$s
          (local.get 1))

        (func (export "shares") (param i32) (result i32) (local i32)
          (block $end
            (br_if $end (i32.eqz (i32.load8_s (local.get 0))))
            %1$s
            (local.set 1 (i32.const 4)))
          (global.set $g (i64.mul (global.get $g) (i64.const 3)))
          (i32.add (local.get 1) (i32.load (local.get 0))))

        (func (export "nothing") (param i32) (result i32)
          (call $void (local.get 0))
          (i32.load (i32.const 64)))
        (func $void (param i32)
          (br_if 0 (i32.eqz (local.get 0)))
          %1$s)

        (func (export "two") (param i32) (result i32)
          (call $two (local.get 0))
          (i32.sub))
        (func $two (param i32) (result i32 i32)
          (if (i32.eqz (local.get 0)) (then (return (i32.const 5) (i32.const 900))))
          %1$s
          (local.get 0) (i32.const 3))

        (func $recursive (export "recursive") (param i32) (result i32)
          (if (i32.lt_s (local.get 0) (i32.const 2)) (then (return (i32.load (i32.const 64)))))
          (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
          %2$s
          (i32.add
            (call $recursive (i32.sub (local.get 0) (i32.const 1)))
            (call $recursive (i32.sub (local.get 0) (i32.const 2)))))

        (func $deep (export "deep") (param i32) (result i32)
          (if (i32.eqz (local.get 0))
            (then (return (i32.div_u (i32.const 1) (i32.load (i32.const 16))))))
          %2$s
          (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1))))
      """
          .formatted(
              WORK, "(i32.store (i32.const 8) (i32.load (i32.const 12)))".repeat(20), work(7));

  private static final List<String> WITH_FRONTS =
      List.of("counts", "cuts", "loops", "shares", "recursive", "deep");

  private static final int[] ARGUMENTS = {
    0, 1, 2, 3, 7, 8, 12, 1000, 1001, 2999, 4000, 65528, 65531, 65532, 65533, 65535, 65536, -1, -5
  };

  /** What calls gave, and what they changed. */
  private record Outcome(List<String> results, byte[] memory, Object global, long fuel) {
    static Outcome of(Tier tier, FuelMode mode, String function, long limit) {
      Engine engine = Engine.builder().tier(tier).fuelMode(mode).background(false).build();
      Store store = engine.newStore();
      Instance instance = new Linker().instantiate(store, Module.parse(MODULE));
      instance.memory("m").putInt(16, function.equals("deep") ? 0 : 1);
      instance.memory("m").putInt(1000, 9);
      instance.memory("m").putInt(1004, 77);
      instance.memory("m").putInt(1005, 3);
      List<String> results = new ArrayList<>();
      for (int round = 0; round < 2; round++) {
        for (int argument : ARGUMENTS) {
          if (limit > 0) {
            store.setFuel(limit + Math.floorMod(argument, 7));
          }
          if (argument > 20 && (function.equals("recursive") || function.equals("deep"))) {
            continue;
          }
          try {
            results.add(argument + ": " + instance.func(function).call(argument));
          } catch (Trap trap) {
            // Where fuel ends, tiers tell the same function, but each its own place in a loop.
            List<Trap.Frame> frames = trap.frames();
            boolean ended = trap.kind() == TrapKind.OUT_OF_FUEL;
            results.add(argument + ": " + trap.kind());
            results.add(
                "in " + frames.subList(ended ? Math.min(1, frames.size()) : 0, frames.size()));
          }
          results.add("fuel " + (mode == FuelMode.EXACT ? store.fuelConsumed() : 0));
        }
      }
      byte[] memory = new byte[65536];
      instance.memory("m").read(0, memory, 0, memory.length);
      return new Outcome(
          results,
          memory,
          instance.global("g").get(),
          mode == FuelMode.EXACT ? store.fuelConsumed() : 0);
    }

    void assertSame(Outcome other) {
      for (int i = 0; i < results.size(); i++) {
        assertEquals(results.get(i), other.results.get(i), "outcome " + i);
      }
      assertEquals(global, other.global);
      assertEquals(fuel, other.fuel);
      assertTrue(Arrays.equals(memory, other.memory));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "counts",
    "caller",
    "cuts",
    "loops",
    "shares",
    "nothing",
    "two",
    "recursive",
    "deep",
  })
  void bothMethodsDoWhatTheFunctionDoes(String function) {
    for (FuelMode mode : FuelMode.values()) {
      Outcome expected = Outcome.of(Tier.INTERPRETER, mode, function, 0);
      expected.assertSame(Outcome.of(Tier.JIT, mode, function, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 14, 20, 27, 35, 60, 100, 300})
  void fuelEndsAtTheSameUnit(int limit) {
    for (String function : List.of("caller", "cuts", "loops", "recursive", "deep")) {
      Outcome expected = Outcome.of(Tier.INTERPRETER, FuelMode.EXACT, function, limit);
      expected.assertSame(Outcome.of(Tier.JIT, FuelMode.EXACT, function, limit));
    }
  }

  /** Otherwise the other tests would test nothing. */
  @Test
  void functionsWithQuickWaysHaveTwoMethods() {
    for (FuelMode mode : FuelMode.values()) {
      Engine engine = Engine.builder().tier(Tier.JIT).fuelMode(mode).build();
      Instance instance = new Linker().instantiate(engine.newStore(), Module.parse(MODULE));
      instance.memory("m").putInt(16, 1);
      for (String name : WITH_FRONTS) {
        instance.func(name).call(2);
        assertTrue(hasFront((WasmFunction) instance.func(name)), name + " " + mode);
      }
      instance.func("caller").call(0);
      assertFalse(hasFront((WasmFunction) instance.func("caller")), "caller " + mode);
    }
  }

  private static boolean hasFront(WasmFunction function) {
    return Arrays.stream(function.code.compiled.getClass().getDeclaredMethods())
        .anyMatch(method -> method.getName().startsWith("rest$"));
  }
}
