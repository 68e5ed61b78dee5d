package dev.capsule.engine.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.CustomSection;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SyntaxException;
import dev.capsule.engine.validation.Validator;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextParserTest {
  private static String code(String instructions) {
    Module module = Module.parse("(func " + instructions + ")");
    var slice = module.body(0).code();
    return HexFormat.ofDelimiter(" ").formatHex(slice.bytes(), slice.start(), slice.end());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nop                                            | 01 0b
          (i32.add (i32.const 1) (i32.const -1)) drop    | 41 01 41 7f 6a 1a 0b
          block $a br $a end $a                          | 02 40 0c 00 0b 0b
          (block $a (loop $b (br $a) (br 0)))            | 02 40 03 40 0c 01 0c 00 0b 0b 0b
          (if (i32.const 0) (then) (else nop))           | 41 00 04 40 05 01 0b 0b
          (if (i32.const 0) (then nop))                  | 41 00 04 40 01 0b 0b
          i32.const 0 if $x else $x nop end $x           | 41 00 04 40 05 01 0b 0b
          (br_table 0 0 (i32.const 1))                   | 41 01 0e 01 00 00 0b
          i64.const -0x8000_0000_0000_0000 drop          | 42 80 80 80 80 80 80 80 80 80 7f 1a 0b
          (drop (i32.load8_u offset=4 align=1 (i32.const 0))) | 41 00 2d 00 04 1a 0b
          (drop (i32.load 1 (i32.const 0)))              | 41 00 28 42 01 00 1a 0b
          (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)) | 41 00 41 00 41 00 fc 0a 00 00 0b
          (memory.copy 2 1)                              | fc 0a 02 01 0b
          (table.init 1 2)                               | fc 0c 02 01 0b
          (table.init 2)                                 | fc 0c 02 00 0b
          (select (result i32 i64))                      | 1c 02 7f 7e 0b
          (ref.test (ref null any)) (ref.test anyref) (ref.cast (ref i31)) | fb 15 6e fb 15 6e fb 16 6c 0b
          (br_on_cast 0 anyref (ref eq))                 | fb 18 01 00 6e 6d 0b
          (try_table (catch 0 0) (catch_all_ref 0))      | 1f 40 02 00 00 00 03 00 0b 0b
          (try (do nop) (catch 0 drop) (catch_all))      | 06 40 01 07 00 1a 19 0b 0b
          (block $l (try (do) (delegate $l)))            | 02 40 06 40 18 00 0b 0b
          try nop delegate 0                             | 06 40 01 18 00 0b
          (v128.const i16x8 1 2 3 4 5 6 7 -8)            | fd 0c 01 00 02 00 03 00 04 00 05 00 06 00 07 00 f8 ff 0b
          (v128.load8_lane 3)                            | fd 54 00 00 03 0b
          (v128.load8_lane 1 offset=2 3)                 | fd 54 40 01 02 03 0b
          (v128.load8_lane 1 3)                          | fd 54 40 01 00 03 0b
          (atomic.fence)                                 | fe 03 00 0b
          (block (param i32) (result i32))               | 02 01 0b 0b
          (block (type 0))                               | 02 00 0b 0b
          """)
  void assemblesInstructions(String text, String bytes) {
    assertEquals(bytes, code(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (func (foo))                                   | 1:8 | unknown operator foo
          (func $f) (func $f)                            | 1:17| duplicate func
          (func (param $x i32) (local $x i32))           | 1:29| duplicate local
          (func (call $g))                               | 1:13| unknown func
          (func (br $l))                                 | 1:11| unknown label
          (func block $a end $b)                         | 1:20| mismatching label
          (func (i32.const 4294967296))                  | 1:18| constant out of range
          (func (i32.load align=3))                      | 1:17| alignment must be a power of two
          (func (v128.const i32x4 1 2 3))                | 1:30| wrong number of lane literals
          (func) (import "a" "b" (func))                 | 1:9 | import after function
          (type (func)) (func (type 0) (param i32))      | 1:30| inline function type
          (func block)                                   | 1:12| unexpected token
          (func (then))                                  | 1:8 | unexpected token
          (func                                          | 1:6 | unexpected token
          (func))                                        | 1:7 | unexpected token
          (data "\\z")                                   | 1:8 | illegal escape
          (data "x                                       | 1:7 | unclosed string
          (; x                                           | 1:1 | unclosed comment
          (@x (y)                                        | 1:1 | unclosed annotation
          (func $)                                       | 1:7 | empty identifier
          (memory 1 (pagesize 3))                        | 1:21| invalid custom page size
          (start 0) (start 0) (func)                     | 1:18| multiple start sections
          é                                              | 1:1 | illegal character
          (@custom "é" x)                                | 1:14| @custom annotation: unexpected token
          """)
  void saysWhatIsWrongAndWhere(String text, String place, String reason) {
    SyntaxException e = assertThrows(SyntaxException.class, () -> Module.parse(text));
    assertTrue(e.reason().startsWith(reason), e::getMessage);
    assertEquals(place, e.line() + ":" + e.column());
  }

  @Test
  void countsLinesAndCodePoints() {
    SyntaxException e =
        assertThrows(
            SyntaxException.class, () -> Module.parse("(func)\r\n;; é\r(;\ud83d\ude00;) (bar)\n"));
    assertEquals("3:8", e.line() + ":" + e.column());
  }

  @Test
  void unpairedSurrogatesAreNoText() {
    SyntaxException e = assertThrows(SyntaxException.class, () -> Module.parse(";; \ud800"));
    assertEquals("malformed UTF-8 encoding", e.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "(i32.eqz ",
        "(block ",
        "(if (then ",
        "block ",
        "(; ",
        "(@a ",
        "(@a ((",
        "((a"
      })
  void depthDoesNotOverflowTheStack(String part) {
    String text = "(func " + part.repeat(200_000);
    assertThrows(SyntaxException.class, () -> Module.parse(text));
  }

  @Test
  void deepNestingParsesValidatesAndPrints() {
    int depth = 100_000;
    Module module =
        Module.parse("(func " + "(block (nop) ".repeat(depth) + ")".repeat(depth) + ")");
    Validator.validate(module);
    byte[] bytes = module.encode();
    assertArrayEquals(bytes, Module.parse(TextPrinter.print(module)).encode());
    Module operands =
        Module.parse(
            "(func (drop "
                + "(i32.eqz ".repeat(depth)
                + "(i32.const 1)"
                + ")".repeat(depth)
                + "))");
    Validator.validate(operands);
    assertEquals(depth + 5, operands.body(0).code().length() + 1);
  }

  @Test
  void identifiersBecomeNames() {
    Module module =
        Module.parse(
            """
            (module $m
              (type $s (struct (field $a i32)))
              (func $f (param $x i32) (local i64) (local $y i32) (block $l (block) (loop $k)))
              (func $"odd \\u{e9}" (@name "better"))
              (table $t 1 funcref) (memory $mem 1) (global $g i32 (i32.const 0))
              (tag $e) (elem $el func) (data $d ""))
            """);
    var names = module.names();
    assertEquals("m", names.module().orElseThrow());
    assertEquals(Map.of(0, "f", 1, "better"), names.functions());
    assertEquals(Map.of(0, Map.of(0, "x", 2, "y")), names.locals());
    assertEquals(Map.of(0, Map.of(0, "l", 2, "k")), names.labels());
    assertEquals(Map.of(0, "s"), names.types());
    assertEquals(Map.of(0, Map.of(0, "a")), names.fields());
    assertEquals(Map.of(0, "t"), names.tables());
    assertEquals(Map.of(0, "mem"), names.memories());
    assertEquals(Map.of(0, "g"), names.globals());
    assertEquals(Map.of(0, "e"), names.tags());
    assertEquals(Map.of(0, "el"), names.elems());
    assertEquals(Map.of(0, "d"), names.datas());
    var decoded = Module.decode(module.encode()).names();
    assertEquals("better", decoded.functions().get(1));
    assertEquals("k", decoded.labels().get(0).get(2));
    assertEquals("a", decoded.fields().get(0).get(0));
  }

  @Test
  void branchHintsBecomeASection() {
    Module module =
        Module.parse(
            """
            (func (local i32 i64)
              (@metadata.code.branch_hint "\\01") (if (local.get 0) (then))
              (local.get 0) (@metadata.code.branch_hint "\\00") br_if 0)
            """);
    CustomSection section = module.customs().get(0);
    assertEquals("metadata.code.branch_hint", section.name());
    // One function, 0, two hints: 5 bytes of locals, then local.get 0 before if.
    assertEquals(
        "01 00 02 07 01 01 0c 01 00",
        HexFormat.ofDelimiter(" ").formatHex(section.bytes(), section.start(), section.end()));
  }
}
