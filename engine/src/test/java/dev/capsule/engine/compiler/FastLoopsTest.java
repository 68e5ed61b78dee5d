package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.FuncType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counted loops take the same fuel compiled as interpreted, wherever it ends. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FastLoopsTest {
  private static final String[] COMPARISONS = {
    "lt_s", "lt_u", "le_s", "le_u", "gt_s", "gt_u", "ge_s", "ge_u", "ne", "eq"
  };

  private static final int[] STEPS = {1, -1, 3, 8, -4, 30_000};

  private static final int[][] ENDS = {
    {0, 10},
    {10, 0},
    {5, 5},
    {-3, 4},
    {4, -3},
    {0, -1},
    {-8, -1},
    {0, 160},
    {7, 1_000_000},
    {Integer.MAX_VALUE - 9, Integer.MAX_VALUE},
    {Integer.MIN_VALUE + 9, Integer.MIN_VALUE}
  };

  private static final long[] BUDGETS = {0, 1, 40, 41, 97, 333, 3000};

  /** The shapes of a loop: tested at its end, at its beginning, with the step first. */
  private static final String[] SHAPES = {
    """
    (func (export "%s") (param $i i32) (param $n i32) (result i32) (local $sum i32)
      (loop $again
        %2$s
        %3$s
        (br_if $again (i32.%4$s (local.get $i) (local.get $n))))
      (local.get $sum))
    """,
    """
    (func (export "%s") (param $i i32) (param $n i32) (result i32) (local $sum i32)
      (block $end
        (loop $again
          (br_if $end (i32.eqz (i32.%4$s (local.get $i) (local.get $n))))
          %2$s
          %3$s
          (br $again)))
      (local.get $sum))
    """,
    """
    (func (export "%s") (param $i i32) (param $n i32) (result i32) (local $sum i32)
      (block $end
        (loop $again
          %3$s
          (br_if $end (i32.%4$s (local.get $n) (local.get $i)))
          %2$s
          (br $again)))
      (local.get $sum))
    """
  };

  private static final String WORK =
      """
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $i))))
      (if (i32.and (local.get $i) (i32.const 1))
        (then (local.set $sum (i32.mul (local.get $sum) (i32.const 31)))))
      """;

  private static final String SUM =
      "(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) (local.get $i)))";

  private static final List<String> NAMES = new ArrayList<>();
  private static final Module MODULE = Module.parse(text());

  private static String text() {
    StringBuilder text = new StringBuilder("(module (memory 1) (data (i32.const 3) \"abcdef\")");
    text.append("(func $nothing)");
    for (String comparison : COMPARISONS) {
      for (int step : STEPS) {
        String add =
            step < 0
                ? "(local.set $i (i32.sub (local.get $i) (i32.const " + -step + ")))"
                : "(local.set $i (i32.add (local.get $i) (i32.const " + step + ")))";
        for (int shape = 0; shape < SHAPES.length; shape++) {
          for (String work : List.of(WORK, SUM)) {
            String name = comparison + " " + step + " " + shape + (work.equals(SUM) ? " s" : " m");
            NAMES.add(name);
            text.append(SHAPES[shape].formatted(name, work, add, comparison));
            // With another loop that makes a call, fuel is not in a register in general.
            NAMES.add(name + " c");
            text.append(
                SHAPES[shape]
                    .formatted(name + " c", work, add, comparison)
                    .replace(
                        "(local $sum i32)",
                        "(local $sum i32) (loop $call (call $nothing) (br_if $call (i32.eqz"
                            + " (local.tee $sum (i32.add (local.get $sum) (i32.const 1))))))"));
          }
        }
      }
    }
    return text.append(')').toString();
  }

  private static String run(Instance instance, Store store, String name, int[] ends, long budget) {
    store.setFuel(budget);
    long before = store.fuelConsumed();
    String end;
    try {
      end = String.valueOf(instance.func(name).call(ends[0], ends[1]));
    } catch (Trap trap) {
      end = trap.kind() + " at " + trap.frames().getFirst().offset();
      if (trap.kind() == TrapKind.OUT_OF_FUEL) {
        end = "out of fuel";
      }
    }
    return end + ", " + (store.fuelConsumed() - before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, ExecStore.SLICE})
  void takeTheSameFuel(int slice) {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).build().newStore();
    ((ExecStore) interpreted).slice = slice;
    ((ExecStore) compiled).slice = slice;
    Instance expected = new Linker().instantiate(interpreted, MODULE);
    Instance actual = new Linker().instantiate(compiled, MODULE);
    for (String name : NAMES) {
      for (int[] ends : ENDS) {
        for (long budget : BUDGETS) {
          assertEquals(
              run(expected, interpreted, name, ends, budget),
              run(actual, compiled, name, ends, budget),
              () -> name + " from " + ends[0] + " to " + ends[1] + " with " + budget);
        }
      }
    }
  }

  /** A loop that is given fuel whenever it begins is still seen to by the clock. */
  @Test
  void areInterrupted() {
    Module module =
        Module.parse(
            """
            (module (func (export "run") (param $again i32) (local $i i32)
              (loop $outer
                (local.set $i (i32.const 0))
                (loop $inner
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $inner (i32.lt_u (local.get $i) (i32.const 100000))))
                (br_if $outer (local.get $again)))))
            """);
    Store store = Engine.builder().tier(Tier.JIT).build().newStore();
    Instance instance = new Linker().instantiate(store, module);
    // Compiled by now.
    instance.func("run").call(0);
    store.setDeadline(Duration.ofMillis(20));
    Trap trap = assertThrows(Trap.class, () -> instance.func("run").call(1));
    assertEquals(TrapKind.DEADLINE, trap.kind());
  }

  /** What follows a loop is looked at as often as if the loop had asked for nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"alone", "beside a call"})
  void giveBackWhatTheyDoNotUse(String function) {
    String loop =
        """
        (block $end
          (loop $again
            (br_if $end (i32.eq (local.get $i) (local.get $leave)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1)))
              (i32.const 50000)))))
        """;
    Module module =
        Module.parse(
            """
            (module
              (import "host" "look" (func $look))
              (func $alone (param $leave i32) (local $i i32) %1$s)
              (func (export "alone") (param i32) (call $alone (local.get 0)) (call $look))
              (func (export "beside a call") (param $leave i32) (local $i i32)
                (loop $calls
                  (call $look)
                  (br_if $calls (local.get $i)))
                %1$s
                (call $look)))
            """
                .formatted(loop));
    ExecStore store = (ExecStore) Engine.builder().tier(Tier.JIT).build().newStore();
    List<Long> seen = new ArrayList<>();
    Instance instance =
        new Linker()
            .func("host", "look", FuncType.EMPTY, caller -> seen.add(store.fuel))
            .instantiate(store, module);
    long before = store.fuelConsumed();
    instance.func(function).call(3);
    long used = store.fuelConsumed() - before;
    assertTrue(seen.getLast() <= 2 * ExecStore.SLICE, () -> seen + " left of the slice");
    assertTrue(used < 200, () -> used + " consumed");
  }

  @Test
  void boundsAreNoLessThanTheRounds() {
    for (int from = -20; from <= 20; from++) {
      for (int to = -20; to <= 20; to++) {
        for (int step = 1; step < 5; step++) {
          int rounds = 1;
          for (int i = from; i <= to; i += step) {
            rounds++;
          }
          assertTrue(LoopFuel.risingSigned(from, to, step) >= rounds);
          assertTrue(LoopFuel.risingUnsigned(from + 20, to + 20, step) >= rounds);
          assertTrue(LoopFuel.fallingSigned(-from, -to, step) >= rounds);
          assertTrue(LoopFuel.fallingUnsigned(20 - from, 20 - to, step) >= rounds);
        }
      }
    }
    assertEquals(5 + 2, LoopFuel.until(-8, 32, 3));
    assertTrue(LoopFuel.until(-8, 33, 3) > 1L << 40);
    assertEquals((1L << 29) - 1 + 2, LoopFuel.untilAfter(16, 16, 3));
  }
}
