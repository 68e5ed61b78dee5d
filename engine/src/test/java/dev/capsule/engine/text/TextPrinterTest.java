package dev.capsule.engine.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextPrinterTest {
  private static void assertRoundTrip(Module module) {
    byte[] bytes = module.encode();
    String text = TextPrinter.print(Module.decode(bytes));
    assertArrayEquals(bytes, Module.parse(text).encode(), text);
  }

  @Test
  void everyModuleOfTheSuiteComesBack() {
    List<Module> modules = new ArrayList<>(Suites.modules());
    Suites.texts().forEach(text -> modules.add(Module.parse(text)));
    modules.forEach(TextPrinterTest::assertRoundTrip);
  }

  @Test
  void printsWhatPeopleWouldWrite() {
    Module module =
        Module.parse(
            """
            (module $m
              (import "env" "log" (func $log (param $n i32)))
              (func (export "run") (param $x i32) (result i32)
                (block $done (br_if $done (local.get $x)) (call $log (i32.const -1)))
                (i32.add (local.get $x) (i32.const 2))))
            """);
    assertEquals(
        """
        (module $m
          (type (;0;) (func (param i32)))
          (type (;1;) (func (param i32) (result i32)))
          (import "env" "log" (func $log (;0;) (type 0) (param $n i32)))
          (func (;1;) (type 1) (param $x i32) (result i32)
            block $done
              local.get $x
              br_if $done
              i32.const -1
              call $log
            end
            local.get $x
            i32.const 2
            i32.add)
          (export "run" (func 1)))
        """,
        TextPrinter.print(module));
  }

  @Test
  void namesThatAreTakenOrEmptyBecomeAnnotations() {
    String text =
        """
        (func $a) (func (@name "a")) (func (@name "")) (func $"b c" (param $x i32) (local (@name "x") i32))
        (func (call $a) (call 1) (call 2) (call $"b c" (i32.const 0)))
        """;
    Module module = Module.parse(text);
    assertRoundTrip(module);
    String printed = TextPrinter.print(module);
    assertTrue(printed.contains("(func (@name \"a\") (;1;)"), printed);
    assertTrue(printed.contains("call $\"b c\""), printed);
  }

  @Test
  void shadowedLabelsArePrintedAsNumbers() {
    Module module = Module.parse("(func (block $l (block $l (br 1) (br $l))))");
    assertRoundTrip(module);
    String printed = TextPrinter.print(module);
    assertTrue(printed.contains("br 1\n"), printed);
    assertTrue(printed.contains("br $l\n"), printed);
  }

  @Test
  void equalTypesKeepTheirIndicesInCode() {
    assertRoundTrip(
        Module.parse(
            """
            (type $a (struct)) (type $b (struct))
            (func (param anyref) (drop (ref.test (ref $b) (local.get 0))) (drop (struct.new $b)))
            """));
  }

  @Test
  void localsWithoutEndHaveNoText() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "0061736d01000000"
                    + "01040160"
                    + "0000"
                    + "03020100"
                    + "0a0a0108"
                    + "01"
                    + "ffffffff0f"
                    + "7f"
                    + "0b");
    Module module = Module.decode(bytes);
    assertThrows(InvalidException.class, () -> TextPrinter.print(module));
  }
}
