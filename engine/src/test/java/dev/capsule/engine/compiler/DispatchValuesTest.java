package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Constants and copies that dispatches leave in variables: handlers that read them, write them or
 * what was copied, loop, dispatch on their own, or go where other values come in as well.
 */
class DispatchValuesTest {
  private static final int HANDLERS = 20;
  private static final int BYTECODE = 2048;
  private static final int PROGRAM = 300;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void compiledAsInterpreted(long seed) {
    same(new Generator(seed).module());
  }

  /** Runs a module in all ways, loops that are taken over among them. */
  private static void same(String text) {
    Module module = Module.parse(text);
    for (FuelMode mode : List.of(FuelMode.EXACT, FuelMode.OFF)) {
      String interpreted = run(module, Tier.INTERPRETER, mode, ExecStore.SLICE);
      assertEquals(interpreted, run(module, Tier.JIT, mode, ExecStore.SLICE));
    }
    String interpreted = run(module, Tier.INTERPRETER, FuelMode.EXACT, ExecStore.SLICE);
    for (int slice : new int[] {40, 150, 777}) {
      String tiered = run(module, Tier.TIERED, FuelMode.EXACT, slice);
      assertEquals(interpreted, tiered, () -> "slice " + slice);
    }
  }

  /** What became of a few runs: results or traps, fuel, the memory and the globals. */
  private static String run(Module module, Tier tier, FuelMode mode, int slice) {
    StringBuilder seen = new StringBuilder();
    for (int start = 0; start < PROGRAM; start += 113) {
      Engine engine = Engine.builder().tier(tier).fuelMode(mode).background(false).build();
      Store store = engine.newStore();
      ((ExecStore) store).slice = slice;
      if (mode == FuelMode.EXACT) {
        store.setFuel(10_000_000);
      }
      Instance instance = new Linker().instantiate(store, module);
      FunctionCode function = ((ModuleInstance) instance).code.functions[0];
      function.heat = 1_000_000;
      for (int round = 0; round < 2; round++) {
        try {
          seen.append(instance.func("run").call(start + round));
        } catch (Trap trap) {
          seen.append(trap.kind());
        }
        seen.append(" fuel ").append(mode == FuelMode.EXACT ? store.fuelConsumed() : 0);
        byte[] memory = new byte[4096];
        instance.memory("memory").read(0, memory, 0, memory.length);
        seen.append(" memory ").append(Arrays.hashCode(memory));
        seen.append(" global ").append(instance.global("global").get()).append('\n');
      }
      assertEquals(List.of(), engine.statistics().failures());
      if (tier == Tier.JIT) {
        assertNotNull(function.compiled, "nothing was compiled");
      }
      if (tier == Tier.TIERED && slice == 40) {
        assertNotNull(function.loops, "nothing was taken over");
      }
    }
    return seen.toString();
  }

  private static String repeat(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(" "));
  }

  // Cases of their own.

  /** Enough code for a function to be split, on variables of its own. */
  private static final String FILLER =
      repeat(
          24,
          i ->
              "(local.set $f (i32.rotl (i32.xor (local.get $f) (i32.const %d)) (i32.const 3)))"
                  .formatted(i * 77 + 1));

  /**
   * A function that dispatches.
   *
   * @param before comes before the steps of the dispatching block
   * @param dispatch the first steps of the dispatching block
   * @param handlers the code of the first ones
   */
  private static String module(String before, String dispatch, String... handlers) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < HANDLERS; i++) {
      code.append(")\n(local.set $pc (i32.add (local.get $pc) (i32.const 1)))\n");
      code.append(i < handlers.length ? handlers[i] : FILLER).append("\n(br $next)\n");
    }
    return """
    (module (memory (export "memory") 1) (global $g (export "global") (mut i32) (i32.const 0))
      (func (export "run") (param $pc i32) (result i32)
        (local $left i32) (local $x i32) (local $y i32) (local $z i32) (local $f i32)
        (local $sum i32)
        (local.set $left (i32.const 100))
        (block $exit
          (loop $next
            (br_if $exit (i32.eqz (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
            %s
            %s
            %s (br_table %s (i32.load8_u offset=%d (local.get $pc)))
            %s))
        (global.set $g (local.get $f))
        (i32.add (i32.mul (local.get $sum) (i32.const 31))
          (i32.add (i32.mul (local.get $x) (i32.const 7)) (local.get $y))))
      (func $count (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
      (data (i32.const %d) "%s"))
    """
        .formatted(
            before,
            dispatch,
            "(block ".repeat(HANDLERS),
            repeat(HANDLERS, Integer::toString),
            BYTECODE,
            code,
            BYTECODE,
            bytecode(new Random(HANDLERS)));
  }

  private static String bytecode(Random random) {
    return repeat(PROGRAM + 400, i -> "\\%02x".formatted(random.nextInt(HANDLERS)))
        .replace(" ", "");
  }

  private static final String ADD_X =
      "(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) (local.get $x)))";

  private static final String ADD_Y =
      "(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 5)) (local.get $y)))";

  private static final String STEP_Y = "(local.set $y (i32.add (local.get $y) (i32.const 9)))";

  @Test
  void constants() {
    same(
        module(
            "",
            "(local.set $x (i32.const 17))",
            ADD_X + "(local.set $x (i32.const 4))" + ADD_X,
            "(if (local.get $f) (then (local.set $x (local.get $f))))" + ADD_X,
            ADD_X));
  }

  /** What was copied changes before the copy is read. */
  @Test
  void copies() {
    same(
        module(
            "",
            "(local.set $x (local.get $y))",
            STEP_Y + ADD_X,
            ADD_X + STEP_Y,
            "(if (i32.and (local.get $left) (i32.const 1)) (then " + STEP_Y + "))" + ADD_X,
            STEP_Y + ADD_X + ADD_Y));
  }

  /** Each copies the other, which one variable of the two must not see. */
  @Test
  void exchanges() {
    same(
        module(
            "",
            "(local.get $x) (local.set $x (local.get $y)) (local.set $y)",
            STEP_Y,
            ADD_X + ADD_Y,
            "(local.set $x (local.get $left))",
            STEP_Y + ADD_X));
    same(
        module(
            "",
            "(local.get $x) (local.get $y) (local.set $x) (local.set $y)",
            STEP_Y,
            ADD_X + ADD_Y));
  }

  /** Copies of copies and of what then becomes a constant. */
  @Test
  void chains() {
    same(
        module(
            "",
            "(local.set $z (local.get $y)) (local.set $x (local.get $z))"
                + "(local.set $z (i32.const 5))",
            STEP_Y + ADD_X,
            "(local.set $y (local.get $z))" + ADD_X + ADD_Y,
            "(local.set $z (local.get $x))" + STEP_Y + "(local.set $x (local.get $z))" + ADD_X,
            STEP_Y));
  }

  /** A copy of what was an operand, which the interpreter does not hand over with a loop. */
  @Test
  void copiesOfOperandsInLoopsThatAreTakenOver() {
    String loop =
        "(local.set $z (i32.const 60)) (loop $again "
            + ADD_X
            + "(br_if $again (local.tee $z (i32.sub (local.get $z) (i32.const 1)))))";
    same(
        module(
            "(block $b (result i32) (drop (br_if $b (i32.const 11) (i32.and (local.get $left)"
                + " (i32.const 1)))) (i32.mul (local.get $left) (i32.const 13)))",
            "(local.set $x)",
            Collections.nCopies(HANDLERS, loop + FILLER).toArray(String[]::new)));
  }

  /** The dispatching block is a loop's header, and jumps to itself. */
  @Test
  void dispatchesThatFollowThemselves() {
    String table =
        "(local.set $y (i32.add (local.get $y) (local.get $x))) (local.set $x (i32.const %d))"
            + "(local.set $pc (i32.add (local.get $pc) (i32.const 1)))"
            + "(br_table $self $self $out $self $next $self $out "
            + "$next ".repeat(HANDLERS)
            + "(i32.load8_u offset="
            + BYTECODE
            + " (local.get $pc)))";
    String handler = "(block $out (loop $self " + table + "))" + ADD_X;
    same(
        module(
            "",
            "(local.set $x (i32.const 3))",
            handler.formatted(8),
            handler.formatted(3),
            ADD_X + ADD_Y,
            handler.formatted(1)));
  }

  /** Targets of several dispatches that leave other values in the same variables. */
  @Test
  void differentDispatches() {
    String again =
        "(local.set $x (i32.const %d)) (local.set $y (local.get $%s))"
            + "(local.set $pc (i32.add (local.get $pc) (i32.const 1))) (br_table "
            + repeat(HANDLERS - 10, Integer::toString)
            + " 0".repeat(12)
            + " 7 (i32.load8_u offset="
            + BYTECODE
            + " (local.get $pc)))";
    same(
        module(
            "",
            "(local.set $x (i32.const 17)) (local.set $y (local.get $left))",
            ADD_X + again.formatted(18, "left"),
            ADD_Y + again.formatted(17, "sum"),
            again.formatted(19, "left"),
            ADD_X,
            ADD_Y,
            STEP_Y + again.formatted(17, "left"),
            ADD_X + ADD_Y + STEP_Y,
            ADD_X + ADD_Y));
  }

  // What becomes of the blocks.

  /** How often the dispatching blocks of a function write a variable, before and after. */
  private static int[] dispatchWrites(String text, int variable) {
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).fuelMode(FuelMode.OFF).build();
    Instance instance = new Linker().instantiate(engine.newStore(), Module.parse(text));
    FunctionIr ir = IrBuilder.build(((ModuleInstance) instance).code.functions[0]);
    FuelPlan.apply(ir);
    int before = dispatchWrites(ir, variable);
    DispatchValues.apply(ir);
    return new int[] {before, dispatchWrites(ir, variable)};
  }

  private static int dispatchWrites(FunctionIr ir, int variable) {
    int writes = 0;
    for (Block block : ir.blocks) {
      if (RegionFlow.dispatches(block)) {
        writes += writes(block, variable);
      }
    }
    return writes;
  }

  private static int writes(Block block, int variable) {
    return (int) block.code.stream().filter(ins -> Liveness.writes(ins) == variable).count();
  }

  private static final int X = 2;

  @Test
  void dispatchesNoLongerWriteWhatHandlersReadOtherwise() {
    String handler = ADD_X + "(local.set $x (i32.const 1))";
    for (String value : List.of("(i32.const 17)", "(local.get $y)")) {
      String text = module("", "(local.set $x " + value + ")", handler, ADD_Y, ADD_X);
      assertEquals("[1, 0]", Arrays.toString(dispatchWrites(text, X)), value);
    }
  }

  @Test
  void dispatchesKeepWhatIsComputed() {
    String text = module("", "(local.set $x (i32.mul (local.get $y) (local.get $y)))", ADD_X);
    assertEquals("[1, 1]", Arrays.toString(dispatchWrites(text, X)));
  }

  @Test
  void functionsThatCatchStayAsTheyAre() {
    String text =
        module(
            "",
            "(local.set $x (i32.const 17))",
            "(block $c (try_table (catch_all $c) (local.set $f (call $count (local.get $f)))))");
    assertEquals("[1, 1]", Arrays.toString(dispatchWrites(text, X)));
  }

  // Hostile functions.

  /** So many constants at so many places where they end that writing them all would take GiBs. */
  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void manyPlacesWhereManyConstantsEnd() {
    int constants = 64;
    int places = 30_000;
    String text =
        """
        (module (func (export "f") (param i32) (param i32) (result i32) (local %s)
          (block $end
            (if (local.get 1)
              (then %s (br $end)))
            %s
            (block $in (br_table %s (local.get 0)))
            %s)
          (i32.const 0) %s))
        """
            .formatted(
                "i32 ".repeat(constants),
                repeat(constants, i -> "(local.set %d (local.get 1))".formatted(i + 2)),
                repeat(constants, i -> "(local.set %d (i32.const %d))".formatted(i + 2, i * 3)),
                "$in ".repeat(20),
                repeat(
                    places, i -> "(br_if $end (i32.eq (local.get 0) (i32.const %d)))".formatted(i)),
                repeat(constants, i -> "(local.get %d) (i32.xor)".formatted(i + 2)));
    Module module = Module.parse(text);
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Instance instance = new Linker().instantiate(engine.newStore(), module);
    FunctionIr ir = IrBuilder.build(((ModuleInstance) instance).code.functions[0]);
    FuelPlan.apply(ir);
    long before = steps(ir);
    DispatchValues.apply(ir);
    long after = steps(ir);
    assertTrue(after > before && after < before + 30_000, () -> before + " then " + after);
    Engine compiling = Engine.builder().tier(Tier.JIT).build();
    Instance compiled = new Linker().instantiate(compiling.newStore(), module);
    for (int[] arguments : new int[][] {{0, 0}, {29_999, 0}, {40_000, 0}, {7, 3}}) {
      assertEquals(
          instance.func("f").call(arguments[0], arguments[1]),
          compiled.func("f").call(arguments[0], arguments[1]));
    }
    assertEquals(List.of(), compiling.statistics().failures());
  }

  private static long steps(FunctionIr ir) {
    return ir.blocks.stream().mapToLong(block -> block.code.size()).sum();
  }

  /** Loops in loops from whose middle the news goes outwards, one at a time. */
  @ParameterizedTest
  @ValueSource(ints = {20_000})
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void factsThatEndBackwards(int loops) {
    String text =
        """
        (module (func (export "f") (param i32) (local i32)
          (local.set 1 (i32.const 5))
          (block $in (br_table %s (local.get 0)))
          %s
          (local.set 1 (local.get 0))
          %s))
        """
            .formatted(
                "$in ".repeat(20),
                "(loop (global.set $g (local.get 1)) ".repeat(loops),
                "(br_if 0 (local.get 1)))".repeat(loops))
            .replace("(module", "(module (global $g (mut i32) (i32.const 0))");
    Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
    Instance instance = new Linker().instantiate(engine.newStore(), Module.parse(text));
    FunctionIr ir = IrBuilder.build(((ModuleInstance) instance).code.functions[0]);
    FuelPlan.apply(ir);
    DispatchValues.apply(ir);
    assertEquals(0, dispatchWrites(ir, 1));
    assertEquals(2, ir.blocks.stream().mapToInt(block -> writes(block, 1)).sum());
  }

  /** Writes a module by a seed. */
  private static final class Generator {
    private static final List<String> KINDS = List.of("i32", "i32", "i64", "f32", "f64", "funcref");
    private static final int LOCALS = 24;

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int loops;

    Generator(long seed) {
      this.random = new Random(seed);
    }

    private static String kind(int local) {
      return KINDS.get(local % KINDS.size());
    }

    String module() {
      out.append("(module (memory (export \"memory\") 1 4)\n");
      out.append("(global $g (export \"global\") (mut i32) (i32.const 0))\n");
      out.append("(func (export \"run\") (param $pc i32) (result i64) (local $left i32)");
      for (int i = 0; i < LOCALS; i++) {
        out.append(" (local $").append(i).append(' ').append(kind(i)).append(')');
      }
      out.append("\n(local.set $left (i32.const 400))\n(block $exit (loop $next\n");
      out.append("(br_if $exit (i32.le_s (local.tee $left");
      out.append(" (i32.sub (local.get $left) (i32.const 1))) (i32.const 0)))\n");
      if (random.nextBoolean()) {
        set(
            "i32",
            "(block $b (result i32) (drop (br_if $b "
                + number()
                + number()
                + "))"
                + number()
                + ")");
      }
      values();
      for (int i = HANDLERS - 1; i >= 0; i--) {
        out.append("(block $h").append(i).append(' ');
      }
      table(0);
      for (int i = 0; i < HANDLERS; i++) {
        out.append(")\n");
        for (int s = 2 + random.nextInt(7); s > 0; s--) {
          statement(2);
        }
        if (random.nextInt(4) == 0) {
          out.append("(br_if $exit (i32.le_s (local.tee $left");
          out.append(" (i32.sub (local.get $left) (i32.const 1))) (i32.const 0)))\n");
          values();
          table(i + 1);
        } else {
          out.append("(br $next)\n");
        }
      }
      out.append("))\n(i64.extend_i32_u (local.get $pc))");
      for (int i = 0; i < LOCALS; i++) {
        out.append(" (i64.mul (i64.const 31)) ");
        String bits =
            switch (kind(i)) {
              case "i32" -> "(i64.extend_i32_u (local.get $%d))";
              case "i64" -> "(local.get $%d)";
              case "f32" -> "(i64.extend_i32_u (i32.reinterpret_f32 (local.get $%d)))";
              case "f64" -> "(i64.reinterpret_f64 (local.get $%d))";
              default -> "(i64.extend_i32_u (ref.is_null (local.get $%d)))";
            };
        out.append(bits.formatted(i)).append(" (i64.add)");
      }
      out.append(")\n(func $other (param i32) (result i32)");
      out.append(" (global.set $g (i32.add (global.get $g) (local.get 0)))");
      out.append(" (i32.popcnt (local.get 0)))\n(elem declare func $other)\n(data (i32.const ");
      out.append(BYTECODE).append(") \"").append(bytecode(random));
      return out.append("\"))").toString();
    }

    /** Goes to a handler, from the given one on. */
    private void table(int from) {
      out.append("(local.set $pc (i32.add (local.get $pc) (i32.const 1)))\n(br_table");
      for (int i = 0; i < HANDLERS; i++) {
        int to = from + i < HANDLERS ? from + i : from + random.nextInt(HANDLERS + 1 - from);
        out.append(to < HANDLERS ? " $h" + to : " $next");
      }
      out.append(random.nextBoolean() ? " $exit" : " $next");
      out.append(" (i32.load8_u offset=").append(BYTECODE).append(" (local.get $pc)))\n");
    }

    /** Leaves constants and copies in variables. */
    private void values() {
      for (int i = 3 + random.nextInt(8); i > 0; i--) {
        String kind = KINDS.get(random.nextInt(KINDS.size()));
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> set(kind, constant(kind));
          case 3 -> set("i32", "(i32.mul " + number() + number() + ")");
          case 4 ->
              out.append(
                  "(local.get $%1$d) (local.get $%2$d) (local.set $%1$d) (local.set $%2$d)\n"
                      .formatted(local(kind), local(kind)));
          default -> set(kind, "(local.get $" + local(kind) + ")");
        }
      }
    }

    private String constant(String kind) {
      return kind.equals("funcref")
          ? random.nextBoolean() ? "(ref.null func)" : "(ref.func $other)"
          : "(" + kind + ".const " + (random.nextInt(5) - 2) + ")";
    }

    private int local(String kind) {
      int local;
      do {
        local = random.nextInt(LOCALS);
      } while (!kind(local).equals(kind));
      return local;
    }

    private void set(String kind, String value) {
      out.append("(local.set $").append(local(kind)).append(' ').append(value).append(")\n");
    }

    private void statement(int depth) {
      String kind = KINDS.get(random.nextInt(KINDS.size()));
      switch (random.nextInt(depth > 0 ? 11 : 8)) {
        case 0 -> set(kind, "(local.get $" + local(kind) + ")");
        case 1 -> set(kind, constant(kind));
        case 2 -> set("i32", number());
        case 3 -> set("i64", "(i64.add (local.get $%d) (i64.const 3))".formatted(local("i64")));
        case 4 -> set("f64", "(f64.add (local.get $%d) (f64.const 1.5))".formatted(local("f64")));
        case 5 -> set("i32", "(call $other " + number() + ")");
        case 6 ->
            out.append("(i32.store (i32.and ")
                .append(number())
                .append("(i32.const 1023))")
                .append(number())
                .append(")\n");
        case 7 ->
            out.append("(f32.store offset=1024 (i32.const 4) (local.get $")
                .append(local("f32"))
                .append("))\n");
        case 8, 9 -> {
          out.append("(if ").append(number()).append(" (then\n");
          statement(depth - 1);
          if (random.nextInt(4) == 0) {
            out.append("(br $next)\n");
          }
          out.append(") (else\n");
          statement(depth - 1);
          statement(depth - 1);
          out.append("))\n");
        }
        default -> {
          int counter = local("i32");
          String again = "$again" + loops++;
          out.append(
              "(local.set $%d (i32.const %d)) (loop %s\n"
                  .formatted(counter, 1 + random.nextInt(12), again));
          set(
              "i64",
              "(i64.xor (local.get $%d) (local.get $%d))".formatted(local("i64"), local("i64")));
          set("i32", number());
          out.append(
              """
              (local.set $%1$d (i32.sub (i32.and (local.get $%1$d) (i32.const 31)) (i32.const 1)))
              (local.set $left (i32.sub (local.get $left) (i32.const 1)))
              (br_if %2$s (i32.and (i32.gt_s (local.get $left) (i32.const 0))
                (i32.gt_s (local.get $%1$d) (i32.const %3$d)))))
              """
                  .formatted(counter, again, random.nextInt(20)));
        }
      }
    }

    private String number() {
      int a = local("i32");
      int b = local("i32");
      return switch (random.nextInt(6)) {
        case 0 -> "(i32.const " + random.nextInt(1000) + ")";
        case 1 -> "(i32.add (local.get $%d) (local.get $%d))".formatted(a, b);
        case 2 -> "(i32.xor (local.get $%d) (i32.const %d))".formatted(a, random.nextInt());
        case 3 -> "(i32.load (i32.and (local.get $%d) (i32.const 1023)))".formatted(a);
        case 4 -> "(ref.is_null (local.get $%d))".formatted(local("funcref"));
        default -> "(local.get $" + a + ")";
      };
    }
  }
}
