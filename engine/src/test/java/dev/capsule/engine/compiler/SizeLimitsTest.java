package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions at the limits of what a module may hold: all compile, and do what they should. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SizeLimitsTest {
  private static final StoreLimits LIMITS = StoreLimits.DEFAULT;

  /** What calls do: values, traps, and the fuel that they take. */
  private static List<String> outcome(Engine engine, Module module, List<Object[]> calls) {
    Store store = engine.newStore(LIMITS);
    Instance instance = new Linker().instantiate(store, module);
    List<String> outcome = new ArrayList<>();
    for (Object[] arguments : calls) {
      String result;
      try {
        Object value = instance.func("f").call(arguments);
        result = value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value);
      } catch (Trap trap) {
        result = trap.kind() + " " + trap.frames();
      }
      outcome.add(result + " " + store.fuelConsumed());
    }
    return outcome;
  }

  private static void same(String text, Object[]... calls) {
    same(Module.parse(text), calls);
  }

  private static void same(Module module, Object[]... calls) {
    same(Engine.builder().tier(Tier.JIT).build(), module, calls);
  }

  private static void same(Engine compiling, Module module, Object[]... calls) {
    Engine interpreting = Engine.builder().tier(Tier.INTERPRETER).build();
    List<Object[]> all = List.of(calls);
    List<String> expected = outcome(interpreting, module, all);
    List<String> actual = outcome(compiling, module, all);
    EngineStatistics statistics = compiling.statistics();
    assertEquals(List.of(), statistics.failures());
    assertEquals(expected, actual);
  }

  private static Object[] call(Object... arguments) {
    return arguments;
  }

  private static String repeat(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(" "));
  }

  /** 250 KB of code with loops and branches all over: hundreds of regions. */
  @ParameterizedTest
  @ValueSource(ints = {6000, 18_000})
  void largeFunctions(int blocks) {
    String body =
        repeat(
            blocks,
            i ->
                """
                (block $b%1$d
                  (br_if $b%1$d (i32.eq (i32.and (local.get 1) (i32.const %2$d)) (i32.const 1)))
                  (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 33)) (i32.const %1$d)))
                  (local.set %3$d (i32.xor (local.get 1) (local.get %4$d))))
                """
                    .formatted(i, i % 7 + 1, 2 + i % 40, 2 + (i * 7) % 40));
    Module module =
        Module.parse(
            """
            (module (func (export "f") (param i32) (result i32) (local i32) (local %s)
              (loop $again
                %s
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
              (i32.add (local.get 1) (i32.add (local.get 5) (local.get 41)))))
            """
                .formatted("i32 ".repeat(41), body));
    int size = module.body(0).code().length();
    assertEquals(true, size > 150_000, () -> size + " bytes");
    same(module, call(1), call(3));
  }

  /**
   * Interpreters of bytecode, as language runtimes are: many handlers behind one branch table,
   * which share more variables than registers are there.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void interpretersOfBytecode(long seed) {
    Random random = new Random(seed);
    int handlers = 20 + random.nextInt(80);
    StringBuilder code = new StringBuilder("(block ".repeat(handlers));
    code.append("(br_table ").append(repeat(handlers, Integer::toString));
    code.append(" (i32.rem_u (i32.load8_u (local.get 1)) (i32.const " + handlers + ")))");
    for (int i = 0; i < handlers; i++) {
      code.append(")\n").append(handler(random)).append("(br $next)");
    }
    String bytecode = repeat(4096, i -> "\\%02x".formatted(random.nextInt(256))).replace(" ", "");
    String checksum = "(local.get 2)";
    for (int i = 3; i < 14; i++) {
      checksum = "(i32.add (i32.mul (i32.const 31) %s) (local.get %d))".formatted(checksum, i);
    }
    String text =
        """
        (module (memory 1) (data (i32.const 0) "%s")
          (func $help (param i32 i64) (result i32)
            (i32.xor (local.get 0) (i32.wrap_i64 (i64.rotl (local.get 1) (i64.const 7)))))
          (func (export "f") (param i32 i32) (result i32 i64 f64)
            (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
            (local i64 i64 i64 i64 i64 i64) (local f64 f64 f64 f64 f64 f64)
            (loop $next
              (if (i32.eqz (local.get 0))
                (then (return %s (i64.xor (local.get 14) (local.get 19)) (local.get 22))))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (local.set 1 (i32.and (i32.add (local.get 1) (i32.const 1)) (i32.const 4095)))
              %s)
            unreachable))
        """
            .formatted(bytecode, checksum, code);
    same(text, call(0, 0), call(1, 5), call(300, 9), call(20_000, 0), call(20_000, 2048));
  }

  private static String handler(Random random) {
    StringBuilder code = new StringBuilder();
    for (int i = 1 + random.nextInt(10); i > 0; i--) {
      code.append(statement(random)).append('\n');
    }
    return code.toString();
  }

  private static String statement(Random random) {
    int a = 2 + random.nextInt(12);
    int b = 2 + random.nextInt(12);
    int wide = 14 + random.nextInt(6);
    int real = 20 + random.nextInt(6);
    int number = random.nextInt(1, 1000);
    return switch (random.nextInt(10)) {
      case 0 -> "(local.set %d (i32.add (local.get %d) (i32.const %d)))".formatted(a, b, number);
      case 1 -> "(local.set %d (i32.mul (local.get %d) (local.get %d)))".formatted(a, b, a);
      case 2 ->
          "(local.set %d (i64.add (local.get %d) (i64.extend_i32_s (local.get %d))))"
              .formatted(wide, 14 + random.nextInt(6), a);
      case 3 ->
          "(local.set %d (f64.add (local.get %d) (f64.convert_i32_s (local.get %d))))"
              .formatted(real, 20 + random.nextInt(6), b);
      case 4 ->
          "(i32.store offset=8192 (i32.and (local.get %d) (i32.const 4095)) (local.get %d))"
              .formatted(a, b);
      case 5 ->
          "(local.set %d (i32.load (i32.and (local.get %d) (i32.const 16383))))".formatted(a, b);
      case 6 -> "(local.set %d (call $help (local.get %d) (local.get %d)))".formatted(a, b, wide);
      case 7 ->
          """
          (if (i32.lt_s (local.get %d) (local.get %d))
            (then (local.set %d (i32.const %d)) (br $next)))
          """
              .formatted(a, b, a, number);
      case 8 ->
          """
          (local.set %1$d (i32.const %3$d))
          (loop $inner
            (local.set %2$d (i32.rotl (i32.xor (local.get %2$d) (local.get %1$d)) (i32.const 5)))
            (br_if $inner
              (local.tee %1$d (i32.shr_u (local.get %1$d) (i32.const 1)))))
          """
              .formatted(a, b, number);
      default ->
          """
          (local.set %d (i32.div_s (local.get %d)
            (i32.or (i32.const 1) (i32.and (local.get %d) (i32.const 255)))))
          """
              .formatted(a, a, b);
    };
  }

  /** Nothing to cut at: one value goes through all of it. */
  @Test
  void straightLines() {
    String body =
        repeat(4000, i -> "(i32.const %d) (i32.xor) (i32.const 3) (i32.rotl)".formatted(i * 12345));
    same(
        "(module (func (export \"f\") (param i32) (result i32) (local.get 0) " + body + "))",
        call(1),
        call(-5));
  }

  /** The operand stack grows to a thousand values, and shrinks again. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 10_000})
  void deepOperandStacks(int depth) {
    String pushes = repeat(depth, i -> "(i32.add (local.get 0) (i32.const %d))".formatted(i));
    String pops = "(i32.xor) ".repeat(depth - 1);
    same(
        "(module (func (export \"f\") (param i32) (result i32) %s %s))".formatted(pushes, pops),
        call(1),
        call(77));
    String wide = repeat(depth / 2, i -> "(i64.extend_i32_s (local.get 0)) (f64.const 1)");
    String narrow = "(i64.trunc_sat_f64_s) (i64.add) ".repeat(depth / 2 - 1);
    same(
        "(module (func (export \"f\") (param i32) (result i64) %s (drop) %s))"
            .formatted(
                wide,
                narrow.replace("(i64.add) ", "(i64.add) (i64.add) ").substring(0, 0)
                    + "(drop) (drop) ".repeat(depth / 2 - 1)),
        call(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"i32", "i64", "f64", "v128", "externref"})
  void manyParameters(String type) {
    int count = 1000;
    String reads =
        switch (type) {
          case "i32" -> repeat(count, i -> "(local.get %d) (i32.xor)".formatted(i));
          case "i64" -> repeat(count, i -> "(i32.wrap_i64 (local.get %d)) (i32.xor)".formatted(i));
          case "f64" ->
              repeat(count, i -> "(i32.trunc_sat_f64_s (local.get %d)) (i32.xor)".formatted(i));
          case "v128" ->
              repeat(count, i -> "(i32x4.extract_lane 3 (local.get %d)) (i32.xor)".formatted(i));
          default -> repeat(count, i -> "(ref.is_null (local.get %d)) (i32.add)".formatted(i));
        };
    String argument =
        switch (type) {
          case "i32", "i64", "f64" -> "(%s.const %%d)".formatted(type);
          case "v128" -> "(v128.const i32x4 1 2 3 %d)";
          default -> "(ref.null extern)";
        };
    same(
        """
        (module
          (type $t (func (param %s) (result i32)))
          (table funcref (elem $g))
          (func $g (type $t) (i32.const 0) %s)
          (func (export "f") (param i32) (result i32)
            (i32.sub (call $g %s) (call_indirect (type $t) %3$s (local.get 0)))))
        """
            .formatted(
                (type + " ").repeat(count), reads, repeat(count, i -> argument.formatted(i + 1))),
        call(0),
        call(1));
  }

  @Test
  void manyResults() {
    int count = 1000;
    same(
        """
        (module
          (func $g (param i32) (result %s) %s)
          (func (export "f") (param i32) (result i32) (call $g (local.get 0)) %s))
        """
            .formatted(
                "i32 ".repeat(count),
                repeat(count, i -> "(i32.mul (local.get 0) (i32.const %d))".formatted(i)),
                "(i32.xor) ".repeat(count - 1)),
        call(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"i32", "i64", "f32", "v128", "externref"})
  void manyLocals(String type) {
    int count = 49_990;
    String declared = (type + " ").repeat(count);
    // All are read and, in another round of the loop, every second is written.
    String uses =
        repeat(
            count / 2,
            i -> {
              int a = 2 + i * 2;
              int b = 2 + (i * 7919 + 13) % count;
              return switch (type) {
                case "i32" ->
                    "(local.set %d (i32.add (local.get %d) (local.get 0)))".formatted(a, b);
                case "i64" ->
                    "(local.set %d (i64.add (local.get %d) (i64.const %d)))".formatted(a, b, i);
                case "f32" ->
                    "(local.set %d (f32.add (local.get %d) (f32.const %d)))".formatted(a, b, i);
                case "v128" ->
                    "(local.set %d (i32x4.add (local.get %d) (v128.const i32x4 1 2 3 %d)))"
                        .formatted(a, b, i);
                default -> "(local.set %d (local.get %d))".formatted(a, b);
              };
            });
    String sum =
        repeat(
            count / 10,
            i -> {
              int a = 2 + i * 10;
              String get =
                  switch (type) {
                    case "i32" -> "(local.get %d)";
                    case "i64" -> "(i32.wrap_i64 (local.get %d))";
                    case "f32" -> "(i32.reinterpret_f32 (local.get %d))";
                    case "v128" -> "(i32x4.extract_lane 3 (local.get %d))";
                    default -> "(ref.is_null (local.get %d))";
                  };
              return "(local.set 1 (i32.add (local.get 1) " + get.formatted(a) + "))";
            });
    same(
        """
        (module (func (export "f") (param i32) (result i32) (local i32) (local %s)
          (loop $again
            %s
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          %s
          (local.get 1)))
        """
            .formatted(declared, uses, sum),
        call(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 7000, 100_000})
  void branchTables(int targets) {
    // A few blocks, reached by all entries of the table.
    String table = repeat(targets, i -> Integer.toString(i * 31 % 5));
    same(
        """
        (module (func (export "f") (param i32) (result i32)
          (block (block (block (block (block
            (br_table %s 0 (local.get 0)))
            (return (i32.const 10))) (return (i32.const 11))) (return (i32.const 12)))
            (return (i32.const 13)))
          (i32.const 14)))
        """
            .formatted(table),
        call(0),
        call(1),
        call(3),
        call(targets - 1),
        call(targets),
        call(-1));
  }

  /** Dispatches, all small, that lead to each other. */
  @ParameterizedTest
  @ValueSource(ints = {1000, 20_000})
  void manyBranchTables(int tables) {
    String body =
        repeat(
            tables,
            i ->
                """
                (block (block
                  (br_table %s (i32.and (local.get 0) (i32.const 31))))
                  (local.set 0 (i32.add (local.get 0) (i32.const %d))))
                """
                    .formatted(repeat(20 + i % 7, at -> Integer.toString(at & 1)), i));
    same(
        "(module (func (export \"f\") (param i32) (result i32) %s (local.get 0)))".formatted(body),
        call(0),
        call(1),
        call(12_345));
  }

  /** Each target is a block of its own, as in an interpreter's loop. */
  @Test
  void manyHandlers() {
    int handlers = 3000;
    String opens = "(block ".repeat(handlers);
    String cases =
        repeat(
            handlers,
            i ->
                ") (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const %d)) (i32.const %d)))"
                        .formatted(i * 2 + 1, i)
                    + " (br $next)");
    same(
        """
        (module (func (export "f") (param i32) (result i32) (local i32)
          (block $done
            (loop $next
              (br_if $done (i32.eqz (local.get 0)))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              %s
              (br_table %s (i32.rem_u (i32.mul (local.get 0) (i32.const 7919)) (i32.const %d)))
              %s))
          (local.get 1)))
        """
            .formatted(opens, repeat(handlers, Integer::toString), handlers, cases),
        call(0),
        call(5000));
  }

  /** The interpreter may hand over each of them, more than a switch in one method has room for. */
  @ParameterizedTest
  @ValueSource(ints = {400, 20_000})
  void manyLoops(int loops) {
    String body =
        repeat(
            loops,
            i ->
                """
                (local.set 1 (select (i32.const 3000000) (i32.const 2)
                  (i32.eq (local.get 0) (i32.const %1$d))))
                (loop
                  (local.set 2 (i32.add (i32.mul (local.get 2) (i32.const %2$d)) (local.get 1)))
                  (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
                """
                    .formatted(i, i % 9 + 2));
    Module module =
        Module.parse(
            """
            (module (func (export "f") (param i32) (result i32) (local i32 i32)
              %s
              (local.get 2)))
            """
                .formatted(body));
    Engine engine = Engine.builder().tier(Tier.TIERED).background(false).build();
    same(engine, module, call(loops / 3), call(loops - 1));
    assertEquals(1, engine.statistics().compiled());
    same(module, call(loops / 3), call(loops));
  }

  @Test
  void manyFunctions() {
    int count = 100_000;
    String functions =
        repeat(count, i -> "(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))");
    String calls = repeat(300, i -> "(call %d)".formatted(i * 333));
    same(
        """
        (module %s
          (func (export "f") (param i32) (result i32) (local.get 0) %s))
        """
            .formatted(functions, calls),
        call(5));
  }

  /** Constants of all kinds in one function, more than a class's constant pool holds. */
  @Test
  void manyConstants() {
    String body =
        repeat(
            40_000,
            i ->
                "(local.set 1 (i64.xor (local.get 1) (i64.const %d)))"
                    .formatted(0x1234_5678_9ABCL * (i + 1)));
    same(
        """
        (module (func (export "f") (param i32) (result i64) (local i64) %s (local.get 1)))
        """
            .formatted(body),
        call(1));
  }

  /** Handlers around and between regions. */
  @Test
  void largeFunctionsWithHandlers() {
    String body =
        repeat(
            1500,
            i ->
                """
                (block $caught
                  (try_table (catch $e $caught)
                    (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 5)) (i32.const %1$d)))
                    (if (i32.eq (i32.and (local.get 1) (i32.const 15)) (local.get 0))
                      (then (throw $e)))
                    (call $maybe (i32.and (local.get 1) (i32.const %2$d)))
                    (local.set 1 (i32.add (local.get 1) (i32.const 1)))))
                """
                    .formatted(i, i % 5));
    same(
        """
        (module (tag $e)
          (func $maybe (param i32) (if (i32.eq (local.get 0) (i32.const 4)) (then (throw $e))))
          (func (export "f") (param i32) (result i32) (local i32) %s (local.get 1)))
        """
            .formatted(body),
        call(3),
        call(9));
  }

  /** What was written before a scope is found by its handler, wherever that lies. */
  @Test
  void handlersFarAway() {
    String filler =
        repeat(
            150,
            i -> "(local.set 3 (i32.rotl (i32.xor (local.get 3) (local.get 0)) (i32.const 5)))");
    String body =
        repeat(
            20,
            i ->
                """
                (local.set 1 (i32.const %1$d))
                (try
                  (do
                    (call $maybe (i32.eq (local.get 0) (i32.const %2$d)))
                    (local.set 1 (i32.const 1000))
                    (try
                      (do
                        (call $maybe (i32.eq (local.get 0) (i32.const %3$d)))
                        %4$s
                        (call $maybe (i32.eq (local.get 0) (i32.const %5$d)))
                        (local.set 1 (i32.const 3000)))
                      (catch $e
                        (local.set 1 (i32.add (local.get 1) (i32.const 7)))
                        (call $maybe (i32.eq (local.get 0) (i32.const %3$d)))))
                    %4$s)
                  (catch_all
                    (local.set 2 (i32.mul (i32.add (local.get 2) (local.get 1)) (i32.const 3)))))
                """
                    .formatted(i + 1, i % 4, i % 3, filler, i % 5));
    same(
        """
        (module (tag $e)
          (func $maybe (param i32) (if (local.get 0) (then (throw $e))))
          (func (export "f") (param i32) (result i32) (local i32 i32 i32) %s
            (i32.xor (local.get 2) (local.get 3))))
        """
            .formatted(body),
        call(0),
        call(1),
        call(2),
        call(3),
        call(4),
        call(5));
  }

  /** One instruction takes more operands than a block should hold, of every kind of call. */
  @ParameterizedTest
  @ValueSource(strings = {"f64", "i64", "v128", "externref"})
  void manyOperandsInOneBlock(String type) {
    int count = 999;
    String argument =
        switch (type) {
          case "f64", "i64" -> "(%s.const 7)".formatted(type);
          case "v128" -> "(v128.const i32x4 1 2 3 4)";
          default -> "(ref.null extern)";
        };
    String arguments = repeat(count, i -> argument);
    String first =
        switch (type) {
          case "f64" -> "(i32.trunc_sat_f64_s (local.get 5))";
          case "i64" -> "(i32.wrap_i64 (local.get 5))";
          case "v128" -> "(i32x4.extract_lane 2 (local.get 5))";
          default -> "(ref.is_null (local.get 5))";
        };
    same(
        """
        (module
          (type $t (func (param %1$s) (result i32)))
          (tag $e (param %1$s))
          (table funcref (elem $g))
          (elem declare func $g)
          (func $g (type $t) %3$s)
          (func $tail (result i32) (return_call $g %2$s))
          (func $indirect (result i32) (return_call_indirect (type $t) %2$s (i32.const 0)))
          (func $reference (result i32) (return_call_ref $t %2$s (ref.func $g)))
          (func $throws (result i32)
            (try (result i32)
              (do (throw $e %2$s))
              (catch $e %4$s (i32.const 5))))
          (func $block (result i32)
            (block (result %1$s) %2$s (br_if 0 (i32.const 1)) (br 0))
            %4$s (i32.const 6))
          (func $pass (type $t) (call $g %5$s))
          (func (export "f") (param i32) (result i32)
            (i32.add (call $tail) (i32.add (call $indirect) (i32.add (call $reference)
              (i32.add (call $throws) (i32.add (call $block) (i32.add (call $pass %2$s)
                (call_ref $t %2$s (ref.func $g))))))))))
        """
            .formatted(
                (type + " ").repeat(count),
                arguments,
                first,
                "(drop) ".repeat(count),
                repeat(count, i -> "(local.get %d)".formatted(i * 7 % count))),
        call(1));
  }

  /** Activations with as many locals as one unit of call depth covers: Java's stack has to hold. */
  @Test
  void deepRecursionOfLargeFrames() throws InterruptedException {
    int count = 236;
    String sets = repeat(count - 1, i -> "(local.set %d (local.get 1))".formatted(i + 2));
    String sums = repeat(count, i -> "(local.get %d) (i64.add)".formatted(i + 1));
    String text =
        """
        (module
          (type $t (func (param i32)))
          (elem declare func $f)
          (func $f (export "f") (type $t) (local %s)
            %s
            (call_ref $t (i32.add (local.get 0) (i32.const 1)) (ref.func $f))
            (i64.const 0) %s (drop)))
        """
            .formatted("i64 ".repeat(count), sets, sums);
    List<Throwable> failures = new ArrayList<>();
    // The stack that a JVM gives its threads by default.
    Thread thread = new Thread(null, () -> same(text, call(0), call(0)), "small stack", 1 << 20);
    thread.setUncaughtExceptionHandler((dead, thrown) -> failures.add(thrown));
    thread.start();
    thread.join();
    assertEquals(List.of(), failures);
  }
}
