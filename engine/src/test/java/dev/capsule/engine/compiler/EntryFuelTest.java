package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions that find no fuel in the slice at their entry go on as the interpreter does, however
 * many of them there are at a time.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EntryFuelTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (import "host" "back" (func $back (param i32) (result i32)))
            (tag $stop (param i32))
            (table funcref (elem $down $leaf $other $across))
            (type $unary (func (param i32) (result i32)))

            (func $leaf (export "leaf") (param $n i32) (result i32)
              (i32.add (local.get $n) (i32.const 1)))

            (func $down (export "down") (param $n i32) (result i32)
              (if (result i32) (local.get $n)
                (then
                  (call $leaf (call $down (i32.sub (local.get $n) (i32.const 1)))))
                (else (i32.const 0))))

            (func $other (export "other") (param $n i32) (result i32)
              (if (result i32) (local.get $n)
                (then
                  (i32.add
                    (call_indirect (type $unary)
                      (i32.sub (local.get $n) (i32.const 1))
                      (i32.mul (i32.rem_u (local.get $n) (i32.const 2)) (i32.const 2)))
                    (local.get $n)))
                (else (i32.const 7))))

            (func $tail (export "tail") (param $n i32) (result i32)
              (if (i32.eqz (local.get $n)) (then (return (i32.const 5))))
              (drop (call $leaf (local.get $n)))
              (return_call $turn (i32.sub (local.get $n) (i32.const 1))))
            (func $turn (param $n i32) (result i32) (return_call $tail (local.get $n)))

            (func $throws (param $n i32) (result i32)
              (if (i32.eqz (local.get $n)) (then (throw $stop (i32.const 11))))
              (i32.add (call $throws (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))
            (func $catches (export "catches") (param $n i32) (result i32)
              (i32.add
                (block $caught (result i32)
                  (try_table (result i32) (catch $stop $caught) (call $throws (local.get $n))))
                (call $down (local.get $n))))

            (func $across (export "across") (param $n i32) (result i32)
              (if (result i32) (local.get $n)
                (then
                  (i32.add
                    (call $back (i32.sub (local.get $n) (i32.const 1)))
                    (call $down (i32.const 30))))
                (else (i32.const 1)))))
          """);

  private static final List<String> FUNCTIONS =
      List.of("leaf", "down", "other", "tail", "catches", "across");

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 100, 100_000})
  void endsWhereTheInterpreterEnds(int slice) {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).build().newStore();
    ((ExecStore) compiled).slice = slice;
    Instance expected = instantiate(interpreted);
    Instance actual = instantiate(compiled);
    expected.func("leaf").call(0);
    actual.func("leaf").call(0);
    int javaStack = ((ExecStore) compiled).javaStack();
    for (String function : FUNCTIONS) {
      for (int depth : new int[] {0, 1, 19, 20, 21, 150, 4000, 1_000_000}) {
        for (long fuel : new long[] {0, 1, 77, 100, 1000, 33_333, 10_000_000}) {
          assertEquals(
              run(interpreted, expected.func(function), depth, fuel),
              run(compiled, actual.func(function), depth, fuel),
              () -> function + " " + depth + ": " + fuel);
          assertEquals(javaStack, ((ExecStore) compiled).javaStack(), function);
        }
      }
    }
  }

  private static Instance instantiate(Store store) {
    Linker linker = new Linker();
    Instance[] instance = new Instance[1];
    linker.func(
        "host", "back", IntUnaryOperator.class, n -> (int) instance[0].func("across").call(n));
    instance[0] = linker.instantiate(store, MODULE);
    return instance[0];
  }

  /** What comes of a call: results or the kind of trap with its frames, and the fuel. */
  private static String run(Store store, Func function, int depth, long fuel) {
    store.setFuel(fuel);
    String outcome;
    try {
      outcome = function.call(depth).toString();
    } catch (Trap trap) {
      // The JVM's own traces end at some depth.
      outcome = trap.kind() + " " + trap.frames().stream().limit(20).toList();
    }
    return outcome + " " + store.fuelConsumed();
  }
}
