package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.FuncType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counted loops take the same fuel compiled as interpreted, wherever it ends. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FastLoopsTest {
  private static final String[] COMPARISONS = {
    "lt_s", "lt_u", "le_s", "le_u", "gt_s", "gt_u", "ge_s", "ge_u", "ne", "eq"
  };

  private static final int[] STEPS = {1, -1, 3, 8, -4, 30_000};

  /** Steps that are known at run time only. */
  private static final long[] VARIABLE_STEPS = {
    1, 7, -3, 0, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE
  };

  private static final long[][] ENDS = {
    {0, 10},
    {10, 0},
    {5, 5},
    {-3, 4},
    {4, -3},
    {0, -1},
    {-8, -1},
    {-1, 40},
    {0, 160},
    {7, 1_000_000},
    {Integer.MAX_VALUE - 9, Integer.MAX_VALUE},
    {Integer.MAX_VALUE - 90, Integer.MIN_VALUE + 90},
    {Integer.MIN_VALUE + 9, Integer.MIN_VALUE},
    {Long.MAX_VALUE - 90, Long.MIN_VALUE + 90},
    {Long.MIN_VALUE + 90, Long.MAX_VALUE - 90}
  };

  private static final long[] BUDGETS = {0, 1, 40, 41, 97, 333, 3000};
  private static final long[] FEW_BUDGETS = {41, 1500};

  /** The shapes of a loop: tested at its end, at its beginning, with the step first. */
  private static final String[] SHAPES = {
    """
    (func (export "%s") (param $i %5$s) (param $n %5$s) (param $s %5$s) (result i32)
      (local $sum i32)
      (loop $again
        %2$s
        %3$s
        (br_if $again (%5$s.%4$s (local.get $i) (local.get $n))))
      (local.get $sum))
    """,
    """
    (func (export "%s") (param $i %5$s) (param $n %5$s) (param $s %5$s) (result i32)
      (local $sum i32)
      (block $end
        (loop $again
          (br_if $end (i32.eqz (%5$s.%4$s (local.get $i) (local.get $n))))
          %2$s
          %3$s
          (br $again)))
      (local.get $sum))
    """,
    """
    (func (export "%s") (param $i %5$s) (param $n %5$s) (param $s %5$s) (result i32)
      (local $sum i32)
      (block $end
        (loop $again
          %3$s
          (br_if $end (%5$s.%4$s (local.get $n) (local.get $i)))
          %2$s
          (br $again)))
      (local.get $sum))
    """
  };

  private static final String WORK =
      """
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u %s)))
      (if (i32.and %<s (i32.const 1))
        (then (local.set $sum (i32.mul (local.get $sum) (i32.const 31)))))
      """;

  private static final String SUM =
      "(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) %s))";

  /** A function that takes the step as an argument, too, and whether its counter is an i64. */
  private record Loop(String name, boolean wide, long[] steps) {}

  private static final List<Loop> LOOPS = new ArrayList<>();
  private static final Module MODULE = Module.parse(text());

  private static String text() {
    StringBuilder text = new StringBuilder("(module (memory 1) (data (i32.const 3) \"abcdef\")");
    text.append("(func $nothing)");
    for (String type : List.of("i32", "i64")) {
      for (String comparison : COMPARISONS) {
        for (int step : STEPS) {
          String change = step < 0 ? "sub" : "add";
          String by = "(" + type + ".const " + Math.abs(step) + ")";
          add(text, type, comparison, change, by, 0);
        }
        add(text, type, comparison, "add", "(local.get $s)", VARIABLE_STEPS);
        add(text, type, comparison, "sub", "(local.get $s)", VARIABLE_STEPS);
      }
    }
    return text.append(')').toString();
  }

  private static void add(
      StringBuilder text, String type, String comparison, String change, String by, long... steps) {
    boolean wide = type.equals("i64");
    String counter = wide ? "(i32.wrap_i64 (local.get $i))" : "(local.get $i)";
    String next = "(local.set $i (%s.%s (local.get $i) %s))".formatted(type, change, by);
    for (int shape = 0; shape < SHAPES.length; shape++) {
      for (String work : List.of(WORK, SUM)) {
        String name =
            String.join(" ", type, comparison, change, by, "" + shape, work.equals(SUM) ? "s" : "m")
                .replaceAll("[()$]", "");
        String body = work.formatted(counter);
        text.append(SHAPES[shape].formatted(name, body, next, comparison, type));
        LOOPS.add(new Loop(name, wide, steps));
        if (steps.length > 1 && shape > 0) {
          continue;
        }
        // With another loop that makes a call, fuel is not in a register in general.
        text.append(
            SHAPES[shape]
                .formatted(name + " c", body, next, comparison, type)
                .replace(
                    "(local $sum i32)",
                    "(local $sum i32) (loop $call (call $nothing) (br_if $call (i32.eqz"
                        + " (local.tee $sum (i32.add (local.get $sum) (i32.const 1))))))"));
        LOOPS.add(new Loop(name + " c", wide, steps));
      }
    }
  }

  private static String run(
      Instance instance, Store store, Loop loop, long[] ends, long step, long budget) {
    store.setFuel(budget);
    long before = store.fuelConsumed();
    String end;
    try {
      end = String.valueOf(call(instance, loop, ends, step));
    } catch (Trap trap) {
      // There is no frame where fuel is compared when the call has ended.
      Optional<Trap.Frame> frame = trap.frames().stream().findFirst();
      end =
          trap.kind() == TrapKind.OUT_OF_FUEL
              ? "out of fuel in " + frame.map(Trap.Frame::function)
              : trap.kind() + " at " + frame.orElseThrow().offset();
    }
    return end + ", " + (store.fuelConsumed() - before);
  }

  private static Object call(Instance instance, Loop loop, long[] ends, long step) {
    return loop.wide()
        ? instance.func(loop.name()).call(ends[0], ends[1], step)
        : instance.func(loop.name()).call((int) ends[0], (int) ends[1], (int) step);
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
    for (Loop loop : LOOPS) {
      for (long step : loop.steps()) {
        for (long[] ends : ENDS) {
          for (long budget : loop.wide() ? FEW_BUDGETS : BUDGETS) {
            assertEquals(
                run(expected, interpreted, loop, ends, step, budget),
                run(actual, compiled, loop, ends, step, budget),
                () -> loop.name() + " " + Arrays.toString(ends) + " " + step + ": " + budget);
          }
        }
      }
    }
  }

  /** Where no fuel is counted, loops that end do the same, in pieces, too. */
  @ParameterizedTest
  @EnumSource(
      value = FuelMode.class,
      names = {"OFF", "EPOCH"})
  void doTheSameWithoutFuel(FuelMode mode) {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).fuelMode(mode).build().newStore();
    Instance expected = new Linker().instantiate(interpreted, MODULE);
    Instance actual = new Linker().instantiate(compiled, MODULE);
    int ended = 0;
    for (Loop loop : LOOPS) {
      for (long step : loop.steps()) {
        for (long[] ends : ENDS) {
          if (sameWithoutFuel(expected, interpreted, actual, loop, ends, step, 3000)) {
            ended++;
          }
        }
      }
      boolean some = loop.name().matches("i.. (lt_u|gt_s|ne) .*(\\.const (1|8)|local.get s) . s");
      for (long[] ends : some ? LONG_ENDS : new long[0][]) {
        if (sameWithoutFuel(expected, interpreted, actual, loop, ends, 1, 3_000_000)) {
          ended++;
        }
      }
    }
    assertTrue(ended > 5000, ended + " loops end");
  }

  @ParameterizedTest
  @EnumSource(
      value = FuelMode.class,
      names = {"OFF", "EPOCH"})
  void haveAFastVersionWithoutFuel(FuelMode mode) {
    EngineConfig config =
        new EngineConfig(Tier.JIT, mode, Set.of(), false, Optional.empty(), false, false);
    Module module =
        Module.parse(
            """
            (module
              (func (param $i i32) (loop $again
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const 1000)))))
              (func (param $i i32) (param $s i32) (loop $again
                (local.set $i (i32.add (local.get $i) (local.get $s)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const 1000))))))
            """);
    ModuleCode code = new ModuleCode(module, (store, f, sp) -> {}, config);
    assertTrue(hasFastVersion(code.functions[0]));
    assertTrue(hasFastVersion(code.functions[1]));
  }

  private static boolean hasFastVersion(FunctionCode function) {
    FunctionIr ir = IrBuilder.build(function);
    FuelPlan.apply(ir);
    return FastLoops.add(ir);
  }

  /** More rounds than are made without a look at the clock. */
  private static final long[][] LONG_ENDS = {{0, 80_000}, {80_000, 0}, {-40_000, 40_000}};

  private static boolean sameWithoutFuel(
      Instance expected,
      Store interpreted,
      Instance actual,
      Loop loop,
      long[] ends,
      long step,
      long budget) {
    interpreted.setFuel(budget);
    String result = end(expected, loop, ends, step);
    if (result.startsWith(TrapKind.OUT_OF_FUEL.toString())) {
      return false;
    }
    assertEquals(
        result,
        end(actual, loop, ends, step),
        () -> loop.name() + " " + Arrays.toString(ends) + " " + step);
    return true;
  }

  private static String end(Instance instance, Loop loop, long[] ends, long step) {
    try {
      return String.valueOf(call(instance, loop, ends, step));
    } catch (Trap trap) {
      return trap.kind().toString();
    }
  }

  /** A loop that is given fuel whenever it begins is still seen to by the clock. */
  @ParameterizedTest
  @CsvSource({
    "EXACT, (i32.const 1)",
    "EPOCH, (i32.const 1)",
    "EXACT, (local.get $one)",
    "EPOCH, (local.get $one)"
  })
  void areInterrupted(FuelMode mode, String step) {
    Module module =
        Module.parse(
            """
            (module (func (export "run") (param $again i32) (local $i i32) (local $one i32)
              (local.set $one (i32.const 1))
              (loop $outer
                (local.set $i (i32.const 0))
                (loop $inner
                  (local.set $i (i32.add (local.get $i) %s))
                  (br_if $inner (i32.lt_u (local.get $i) (i32.const 100000))))
                (br_if $outer (local.get $again)))))
            """
                .formatted(step));
    Store store = Engine.builder().tier(Tier.JIT).fuelMode(mode).build().newStore();
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

  /** Loops longer than a slice are made in pieces, which take what the whole does. */
  @ParameterizedTest
  @ValueSource(ints = {1000, ExecStore.SLICE})
  void takeTheSameFuelInPieces(int slice) {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).build().newStore();
    ((ExecStore) compiled).slice = slice;
    Instance expected = new Linker().instantiate(interpreted, MODULE);
    Instance actual = new Linker().instantiate(compiled, MODULE);
    List<Loop> some =
        LOOPS.stream()
            .filter(loop -> loop.name().matches("i.. (lt_u|gt_s|ne) .*\\.(const 1|get s) 0 .*"))
            .toList();
    assertFalse(some.isEmpty());
    for (Loop loop : some) {
      for (long[] ends : new long[][] {{0, 60_000}, {60_000, 0}, {-30_000, 30_000}}) {
        for (long budget : new long[] {150_000, 290_000, 310_001}) {
          long step = loop.steps().length > 1 ? 1 : 0;
          assertEquals(
              run(expected, interpreted, loop, ends, step, budget),
              run(actual, compiled, loop, ends, step, budget),
              () -> loop.name() + " " + Arrays.toString(ends) + ": " + budget);
        }
      }
    }
  }

  /** Loops whose test compares no integers are compiled all the same, as they are. */
  @Test
  void otherTestsAreNoCounters() {
    List<String> tests = new ArrayList<>();
    for (String type : List.of("f32", "f64")) {
      for (String comparison : List.of("eq", "ne", "lt", "gt", "le", "ge")) {
        String changing = "(local.get $" + type + ")";
        String fixed = "(local.get $" + type + "-fixed)";
        for (String operands : List.of(changing + " " + fixed, fixed + " " + changing)) {
          tests.add("(" + type + "." + comparison + " " + operands + ")");
          tests.add("(i32.eqz (" + type + "." + comparison + " " + operands + "))");
        }
      }
    }
    StringBuilder text = new StringBuilder("(module");
    for (int i = 0; i < tests.size(); i++) {
      text.append(
          """
          (func (export "%d") (param $i i32) (param $f32-fixed f32) (param $f64-fixed f64)
            (result i32) (local $f32 f32) (local $f64 f64)
            (block $end
              (loop $again
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (local.set $f32 (f32.convert_i32_s (local.get $i)))
                (local.set $f64 (f64.convert_i32_s (local.get $i)))
                (br_if $end (i32.gt_s (local.get $i) (i32.const 20)))
                (br_if $again %s)))
            (local.get $i))
          """
              .formatted(i, tests.get(i)));
    }
    Module module = Module.parse(text.append(")").toString());
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).build().newStore();
    Instance expected = new Linker().instantiate(interpreted, module);
    Instance actual = new Linker().instantiate(compiled, module);
    for (int i = 0; i < tests.size(); i++) {
      for (int from : new int[] {-5, 2, 3, 8}) {
        assertEquals(
            expected.func("" + i).call(from, 3f, 3d),
            actual.func("" + i).call(from, 3f, 3d),
            tests.get(i));
        assertEquals(interpreted.fuelConsumed(), compiled.fuelConsumed(), tests.get(i));
      }
    }
    assertEquals(List.of(), compiled.engine().statistics().failures());
  }

  /** A loop at the very beginning, where no line has been marked yet, is in the stack trace. */
  @Test
  void areInTheStackTraceWhereTheyPoll() {
    Module module =
        Module.parse(
            """
            (module
              (import "host" "late" (func $late))
              (func $counts (export "run") (param $i i64)
                (loop $again
                  (br_if $again (i64.ne
                    (local.tee $i (i64.sub (local.get $i) (i64.const 1)))
                    (i64.const 0)))))
              (func $begins (export "late") (param $i i64)
                (call $late)
                (call $counts (local.get $i))))
            """);
    for (Tier tier : List.of(Tier.INTERPRETER, Tier.JIT)) {
      Store store = Engine.builder().tier(tier).build().newStore();
      Instance instance = runsOutOfTime(store, module);
      instance.func("run").call(1L);
      // 2^64 rounds: years, even if each slice takes a nanosecond.
      Trap late = assertThrows(Trap.class, () -> instance.func("late").call(0L));
      assertEquals(TrapKind.DEADLINE, late.kind());
      assertEquals(
          List.of("counts", "begins"), late.frames().stream().map(Trap.Frame::name).toList());
      store.clearDeadline();
      store.setFuel(1_000_000);
      Trap out = assertThrows(Trap.class, () -> instance.func("run").call(0L));
      assertEquals(TrapKind.OUT_OF_FUEL, out.kind());
      assertEquals(List.of("counts"), out.frames().stream().map(Trap.Frame::name).toList());
    }
    Store epoch = Engine.builder().tier(Tier.JIT).fuelMode(FuelMode.EPOCH).build().newStore();
    Instance instance = runsOutOfTime(epoch, module);
    instance.func("run").call(1L);
    Trap late = assertThrows(Trap.class, () -> instance.func("late").call(0L));
    assertEquals(TrapKind.DEADLINE, late.kind());
  }

  /** Its host ends the time within the call: before, the call might not even begin. */
  private static Instance runsOutOfTime(Store store, Module module) {
    return new Linker()
        .func("host", "late", Runnable.class, () -> store.setDeadline(Duration.ZERO))
        .instantiate(store, module);
  }

  /** The test holds so many times, at least, and not once more where counters do not wrap. */
  @Test
  void roundsAreTheRoundsThatAreMade() {
    for (int from = -20; from <= 20; from++) {
      for (int to = -20; to <= 20; to++) {
        for (int step = 1; step < 5; step++) {
          int below = 0;
          for (int i = from; i < to; i += step) {
            below++;
          }
          int upTo = 0;
          for (int i = from; i <= to; i += step) {
            upTo++;
          }
          rounds(below, upTo, from, to, step);
        }
      }
    }
    assertEquals(5, LoopFuel.ne(-8, 32, 8, 1));
    assertEquals(5, LoopFuel.ne(32, -8, -8, 1));
    assertEquals(6, LoopFuel.ne(-8, 33, 8, 1));
    assertEquals(Integer.MAX_VALUE - 1, LoopFuel.ne(1, 0, 1, 1));
    // Distances of 32 bits above the largest int count as that.
    assertEquals(2, LoopFuel.ltU(0, -1, Integer.MAX_VALUE, 1));
    assertEquals(1, LoopFuel.gtS(Integer.MAX_VALUE, 0, Integer.MIN_VALUE, 1));
    assertEquals(1, LoopFuel.gtS(Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE, 1));
    assertEquals(0, LoopFuel.ltS(0, 10, 0, 1));
    assertEquals(0, LoopFuel.gtU(10, 0, 1, 1));
    assertEquals(Integer.MAX_VALUE - 1, LoopFuel.ltS(Long.MIN_VALUE, Long.MAX_VALUE, 1, 1));
    assertEquals(3, LoopFuel.ltU(0, -1L, Long.MAX_VALUE, 1));
    assertEquals(2, LoopFuel.gtS(Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, 1));
  }

  /** Too few are none. */
  @Test
  void fewRoundsAreNotCounted() {
    assertEquals(8, LoopFuel.ltU(0, 57, 8, 8));
    assertEquals(0, LoopFuel.ltU(0, 56, 8, 8));
    assertEquals(8, LoopFuel.geS(56, 0, -8, 8));
    assertEquals(0, LoopFuel.geS(55, 0, -8, 8));
    assertEquals(8, LoopFuel.ltU(0L, 57L, 8L, 8));
    assertEquals(0, LoopFuel.ltU(0L, 56L, 8L, 8));
    assertEquals(8, LoopFuel.geS(56L, 0L, -8L, 8));
    assertEquals(0, LoopFuel.geS(55L, 0L, -8L, 8));
  }

  private static void rounds(int below, int upTo, int from, int to, int step) {
    assertEquals(below, LoopFuel.ltS(from, to, step, 1));
    assertEquals(below, LoopFuel.ltU(from + 20, to + 20, step, 1));
    assertEquals(upTo, LoopFuel.leS(from, to, step, 1));
    assertEquals(upTo, LoopFuel.leU(from + 20, to + 20, step, 1));
    assertEquals(below, LoopFuel.gtS(-from, -to, -step, 1));
    assertEquals(below, LoopFuel.gtU(20 - from, 20 - to, -step, 1));
    assertEquals(upTo, LoopFuel.geS(-from, -to, -step, 1));
    assertEquals(upTo, LoopFuel.geU(20 - from, 20 - to, -step, 1));
    assertEquals(below, LoopFuel.ltS((long) from, to, step, 1));
    assertEquals(below, LoopFuel.ltU(from + 20L, to + 20, step, 1));
    assertEquals(upTo, LoopFuel.leS((long) from, to, step, 1));
    assertEquals(upTo, LoopFuel.leU(from + 20L, to + 20, step, 1));
    assertEquals(below, LoopFuel.gtS((long) -from, -to, -step, 1));
    assertEquals(below, LoopFuel.gtU(20L - from, 20 - to, -step, 1));
    assertEquals(upTo, LoopFuel.geS((long) -from, -to, -step, 1));
    assertEquals(upTo, LoopFuel.geU(20L - from, 20 - to, -step, 1));
  }

  /** Vectors are two variables, and instructions that take them from there name the first alone. */
  @Test
  void vectorsInLoops() {
    Module module =
        Module.parse(
            """
            (module
              (global $to (export "to") (mut v128) (v128.const i64x2 1 2))
              (func (export "run") (param $i i32) (param $n i32) (param $s i32) (result i64 i64)
                (local $v v128)
                (loop $again
                  (local.set $v (i64x2.splat (i64.extend_i32_u (local.get $i))))
                  (global.set $to (local.get $v))
                  (local.set $i (i32.add (local.get $i) (local.get $s)))
                  (br_if $again (i32.ne (local.get $i) (local.get $n))))
                (i64x2.extract_lane 0 (global.get $to))
                (i64x2.extract_lane 1 (global.get $to))))
            """);
    for (Tier tier : List.of(Tier.INTERPRETER, Tier.JIT)) {
      Instance instance =
          new Linker().instantiate(Engine.builder().tier(tier).build().newStore(), module);
      Object[] last = (Object[]) instance.func("run").call(0, 90, 3);
      assertEquals(List.of(87L, 87L), Arrays.asList(last));
    }
  }
}
