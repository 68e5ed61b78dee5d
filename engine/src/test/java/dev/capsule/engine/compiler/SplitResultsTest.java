package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How regions of a split function are numbered, and what they leave for its driver. */
class SplitResultsTest {
  private static String repeat(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining("\n"));
  }

  /** Steps on a local; each has a place to leave at. */
  private static String filler(int steps) {
    return repeat(
        steps,
        i ->
            """
            (local.set $f (i32.add (i32.mul (local.get $f) (i32.const 33)) (i32.const %1$d)))
            (if (i32.eq (local.get $at) (i32.const %1$d)) (then (br $end (local.get $value))))
            """
                .formatted(i));
  }

  /** What the exported function "f" does when it is called with numbers, and the fuel it takes. */
  private static List<String> calls(Engine engine, Module module, int... arguments) {
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, module);
    List<String> seen = new ArrayList<>();
    for (int argument : arguments) {
      Object result = instance.func("f").call(argument);
      seen.add(result instanceof Object[] all ? Arrays.toString(all) : String.valueOf(result));
      seen.add("fuel " + store.fuelConsumed());
    }
    return seen;
  }

  /** Compares tiers; gives the code of the first function. */
  private static FunctionCode same(String text, int... arguments) {
    Module module = Module.parse(text);
    List<String> expected =
        calls(Engine.builder().tier(Tier.INTERPRETER).build(), module, arguments);
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    assertEquals(expected, calls(engine, module, arguments));
    assertEquals(List.of(), engine.statistics().failures());
    Instance instance = new Linker().instantiate(engine.newStore(), module);
    instance.func("f").call(0);
    FunctionCode split = ((ModuleInstance) instance).code.functions[0];
    assertTrue(MemoryOnTheWayInTest.isSplit(split.compiled), "one method is enough");
    return split;
  }

  /** A function whose value goes through many regions, is called with itself, and its bits. */
  private static String module(String type, String value, String bits, int steps) {
    return """
    (module (memory 1) (table 3 funcref) (elem (i32.const 1) func $one)
      (func $split (param $at i32) (param $deep i32) (result %1$s)
        (local $f i32) (local $value %1$s)
        (local.set $value %2$s)
        (if (local.get $deep)
          (then
            (local.set $value
              (call $split (local.get $at) (i32.sub (local.get $deep) (i32.const 1))))
            (drop (call $split (i32.const 3) (i32.const 0)))))
        (block $end (result %1$s)
          %4$s
          (local.get $value)))
      (func (export "f") (param $at i32) (result i64 i64)
        %3$s (call $split (local.get $at) (i32.const 0)) %5$s
        %3$s (call $split (local.get $at) (i32.const 2)) %5$s)
      (func $one)
      (data (i32.const 0) "\\01\\00\\a0\\7f\\ff\\ff\\ff\\ff\\01\\00\\00\\00\\00\\00\\f4\\7f"))
    """
        .formatted(
            type,
            value,
            bits.startsWith("(block") ? bits : "",
            filler(steps),
            bits.startsWith("(block") ? ")" : bits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i32 | (i32.const -2147483647) | (i64.extend_i32_s)",
        "i32 | (i32.load (i32.const 4)) | (i64.extend_i32_u)",
        "i64 | (i64.const 0x123456789abcdef0) | (i64.const 0) (i64.add)",
        "f32 | (f32.load (i32.const 0)) | (i32.reinterpret_f32) (i64.extend_i32_u)",
        "f32 | (f32.const -nan:0x200001) | (i32.reinterpret_f32) (i64.extend_i32_u)",
        "f32 | (f32.const -0) | (i32.reinterpret_f32) (i64.extend_i32_u)",
        "f64 | (f64.load (i32.const 8)) | (i64.reinterpret_f64)",
        "f64 | (f64.const -nan:0x4000000000001) | (i64.reinterpret_f64)",
        "funcref | (table.get (i32.const 1)) | (ref.is_null) (i64.extend_i32_u)",
        "funcref | (table.get (i32.const 2)) | (ref.is_null) (i64.extend_i32_u)",
        "v128 | (v128.const i64x2 0x123456789 -77) | (i64x2.extract_lane 0)",
        "v128 | (v128.const i64x2 0x123456789 -77) | (i64x2.extract_lane 1)"
      })
  void resultsOfEachKind(String type, String value, String bits) {
    same(module(type, value, bits, 200), 0, 1, 2);
  }

  @Test
  void signallingNaNsKeepTheirBits() {
    Module module =
        Module.parse(
            module(
                "f32",
                "(f32.load (i32.const 0))",
                "(i32.reinterpret_f32) (i64.extend_i32_u)",
                200));
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    Instance instance = new Linker().instantiate(engine.newStore(), module);
    assertEquals(
        "[" + 0x7fa00001L + ", " + 0x7fa00001L + "]",
        Arrays.toString((Object[]) instance.func("f").call(1)));
  }

  /** The first result takes the way of a single one, the others are the store's. */
  @Test
  void severalResults() {
    String results = "f32 i64 i32 f64 funcref";
    String take =
        """
        (ref.is_null) (local.set $n)
        (i64.reinterpret_f64) (local.set $l)
        (local.set $m)
        (local.set $k)
        (i32.reinterpret_f32) (i64.extend_i32_u)
        (i64.add (i64.mul (local.get $l) (i64.const 31)) (local.get $k))
        (i64.xor (i64.extend_i32_s (i32.add (local.get $n) (local.get $m))))
        """;
    String end = "(f32.load (i32.const 0)) (i64.const %d) (local.get $f) (f64.const -0)";
    same(
        """
        (module (memory 1) (table 3 funcref) (elem (i32.const 1) func $one)
          (func $split (param $at i32) (result %s) (local $f i32)
            (block $end (result %1$s)
              %2$s
              %3$s (table.get (i32.const 1))))
          (func (export "f") (param $at i32) (result i64 i64)
            (local $n i32) (local $m i32) (local $l i64) (local $k i64)
            (call $split (local.get $at)) %4$s)
          (func $one)
          (data (i32.const 0) "\\01\\00\\a0\\7f"))
        """
            .formatted(
                results,
                repeat(
                        200,
                        i ->
                            """
                            (local.set $f (i32.add (i32.mul (local.get $f) (i32.const 33))
                              (i32.const %1$d)))
                            (if (i32.eq (local.get $at) (i32.const %1$d))
                              (then (br $end %2$s (table.get (local.get $at)))))
                            """
                                .formatted(i, end.formatted(i)))
                    .replace("(table.get (local.get $at))", "(table.get (i32.const 2))"),
                end.formatted(-1),
                take),
        0,
        1,
        150,
        1000);
  }

  /** What a callee by a tail call leaves is not taken for the caller's. */
  @Test
  void tailCalls() {
    same(
        """
        (module
          (func $split (param $at i32) (result f64) (local $f i32) (local $value f64)
            (local.set $value (f64.const -7))
            (block $end (result f64)
              %s
              (return_call $other (local.get $at))))
          (func $other (param i32) (result f64)
            (if (i32.eqz (i32.and (local.get 0) (i32.const 1))) (then (return (f64.const 3))))
            (f64.add (f64.const 0.5) (call $split (i32.sub (local.get 0) (i32.const 301)))))
          (func (export "f") (param i32) (result f64 f64)
            (call $split (local.get 0)) (call $split (i32.const 300))))
        """
            .formatted(filler(200)),
        0,
        7,
        200,
        301,
        602,
        603,
        1205);
  }

  /** So many regions that the driver chooses among groups of them. */
  @ParameterizedTest
  @ValueSource(strings = {"i32", "f64"})
  void manyRegions(String type) {
    String bits = type.equals("i32") ? "(i64.extend_i32_s)" : "(i64.reinterpret_f64)";
    FunctionCode split =
        same(module(type, "(" + type + ".const -5)", bits, 16_000), 0, 1, 9_000, 20_000);
    assertTrue(
        Arrays.stream(split.compiled.getClass().getDeclaredMethods())
            .anyMatch(method -> method.getName().equals("regions$1")),
        "no groups");
  }

  // Numbers of entries.

  @Test
  void numbersOfEntriesTellTheRegionAndAreNotThatOfHavingReturned() {
    int last = 0xFEFF;
    Region region = new Region(last);
    for (int entry = 0; entry < 1 << 16; entry++) {
      int id = region.entryId(new Block());
      assertEquals(last, id & 0xFFFF);
      assertEquals(entry, id >>> 16);
    }
    // The driver looks at the group first, which must not be one of regions.
    assertTrue((char) -1 >> 8 > last >> 8);
    assertThrows(IllegalStateException.class, () -> region.entryId(new Block()));
    assertThrows(IllegalStateException.class, () -> new Region(last + 1));
  }
}
