package dev.capsule.engine.validation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.binary.Hex;
import dev.capsule.engine.binary.Samples;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.MalformedException;
import dev.capsule.engine.module.Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (func (result i32) i64.const 1)                       | type mismatch: instruction requires [i32] but stack has [i64]
          (func i32.const 1)                                    | type mismatch: block requires [] but stack has [i32]
          (func i32.add drop)                                   | type mismatch: instruction requires [i32 i32] but stack has []
          (func (block i32.add drop))                           | type mismatch: instruction requires [i32 i32] but stack has []
          (func unreachable i64.const 1 i32.eqz drop)           | type mismatch: instruction requires [i32] but stack has [i64]
          (func br 1)                                           | unknown label 1
          (func local.get 0 drop)                               | unknown local 0
          (func (param i32) (local i64) local.get 2 drop)       | unknown local 2
          (func (local (ref func)) local.get 0 drop)            | uninitialized local 0
          (func global.get 0 drop)                              | unknown global 0
          (global i32 (i32.const 1)) (func i32.const 1 global.set 0) | immutable global 0
          (func call 7)                                         | unknown function 7
          (func i32.const 0 i32.load drop)                      | unknown memory 0
          (memory 1) (func i32.const 0 i32.load align=8 drop)   | alignment must not be larger than natural
          (memory 1) (func i32.const 0 i32.load offset=0x1_0000_0000 drop) | offset out of range
          (memory 1) (func i32.const 0 i64.const 0 v128.const i64x2 0 0 v128.load8_lane 16 drop) | invalid lane index 16
          (func i32.const 0 table.get 0 drop)                   | unknown table 0
          (func ref.func 0 drop)                                | undeclared function reference 0
          (func data.drop 0)                                    | unknown data segment 0
          (func elem.drop 0)                                    | unknown elem segment 0
          (func throw 0)                                        | unknown tag 0
          (func (result i32) i32.const 1 (if (then)))           | type mismatch: instruction requires [i32] but stack has []
          (func i32.const 1 (if (result i32) (then i32.const 2)) drop) | type mismatch: instruction requires [i32] but stack has []
          (func (select (ref.null func) (ref.null func) (i32.const 0)) drop) | type mismatch: instruction requires numeric or vector type
          (func (param f32 i32) (block (result f32) (block local.get 0 local.get 1 br_table 0 1) f32.const 0) drop) | type mismatch: labels of
          (func (result i32) (return_call 1)) (func (result i64) i64.const 0) | type mismatch: function returns
          (type $s (struct (field i32))) (func (struct.set $s 0 (struct.new $s (i32.const 1)) (i32.const 2))) | immutable field 0
          (type $a (array i32)) (func (array.set $a (array.new_default $a (i32.const 1)) (i32.const 0) (i32.const 2))) | immutable array
          (type $s (struct (field i8))) (func (drop (struct.get $s 0 (struct.new_default $s)))) | type mismatch: struct.get does not fit
          (func (rethrow 0))                                    | invalid rethrow label 0
          (type (sub (struct))) (type (sub 0 (func)))           | sub type 1 does not match super type
          (type (struct)) (type (sub 0 (struct)))               | sub type 1 does not match super type, which is final
          (type (func (param (ref 5))))                         | unknown type 5
          (import "a" "b" (func (type 3)))                      | unknown type
          (memory 65537)                                        | memory size must be at most 65536 pages (4GiB)
          (memory 2 1)                                          | size minimum must not be greater than maximum
          (memory 0 (pagesize 2))                               | invalid custom page size
          (memory i64 0x1_0000_0000_0001)                       | memory size must be at most 2^64 bytes
          (table 0xffff_ffff_f funcref)                         | table size must be at most 2^32-1
          (table 1 (ref func))                                  | type mismatch: elements of type
          (global i32 (i32.ctz (i32.const 1)))                  | constant expression required
          (global $g (mut i32) (i32.const 1)) (global i32 (global.get $g)) | constant expression required
          (global i32 (global.get 1)) (global i32 (i32.const 1)) | unknown global 1
          (func $f) (export "a" (func $f)) (export "a" (func $f)) | duplicate export name
          (export "a" (memory 0))                               | unknown memory 0
          (start 0) (func (param i32))                          | start function must have type
          (tag (result i32))                                    | non-empty tag result type
          (data (i32.const 0) "a")                              | unknown memory 0
          (elem (i32.const 0) func 0) (table 1 externref) (func) | type mismatch: elements of type
          """)
  void invalid(String fields, String reason) {
    Module module = Module.parse("(module " + fields + ")");
    InvalidException error = assertThrows(InvalidException.class, () -> Validator.validate(module));
    assertTrue(error.reason().startsWith(reason), error.getMessage());
  }

  @Test
  void errorsNameTheFunctionAndTheOffset() {
    Module parsed = Module.parse("(module (func) (func (export \"f\") i32.const 1 i64.eqz drop))");
    Module module = Module.decode(parsed.encode());
    InvalidException error = assertThrows(InvalidException.class, () -> Validator.validate(module));
    int offset = module.body(1).code().fileOffset(module.body(1).code().start()) + 2;
    assertEquals("func 1, offset 0x" + Integer.toHexString(offset) + ", i64.eqz", error.place());
    assertEquals("type mismatch: instruction requires [i64] but stack has [i32]", error.reason());
  }

  @Test
  void namesInMessagesCannotPassForMessages() {
    Module module =
        Module.parse(
            "(module (func) (export \"a\\n"
                + "\\1b[2J\\22\" (func 0)) (export \"a\\n"
                + "\\1b[2J\\22\" (func 0)))");
    InvalidException error = assertThrows(InvalidException.class, () -> Validator.validate(module));
    assertEquals("duplicate export name \"a\\u{a}\\u{1b}[2J\\u{22}\"", error.reason());
  }

  @Test
  void modulesWithEverySectionAreValid() {
    assertDoesNotThrow(() -> Validator.validate(Module.decode(Samples.ALL_SECTIONS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 fc ff 7f 0b", // no such instruction
        "00 02 40 0b", // block not closed
        "00 05 0b", // else without if
        "00 0b 0b", // code behind the end
        "00 41 0b", // the end is an operand
        "00 06 40 19 19 0b 0b", // catch_all twice
        "00 41 00 28 80 01 00 1a 0b", // reserved bits of a memory access
      })
  void malformedCodeIsFoundByValidation(String body) {
    Module module = Module.decode(Hex.function(body));
    assertThrows(MalformedException.class, () -> Validator.validate(module));
  }

  @Test
  void theFirstErrorIsReportedHoweverManyThreadsLook() {
    // Enough code to be validated in parallel, with an error in two functions.
    StringBuilder text = new StringBuilder("(module");
    for (int i = 0; i < 3_000; i++) {
      text.append("(func (result i32) i32.const 0").append(" i32.const 1 i32.add".repeat(30));
      text.append(i == 1_200 || i > 2_500 ? " i64.eqz)" : ")");
    }
    Module module = Module.parse(text.append(')').toString());
    for (int i = 0; i < 20; i++) {
      InvalidException error =
          assertThrows(InvalidException.class, () -> Validator.validate(module));
      assertTrue(error.place().startsWith("func 1200,"), error.place());
    }
  }

  @Test
  void moreLocalsThanFitInMemoryAreNoObstacle() {
    // 2^32-1 locals in six groups, of which the last is used.
    byte[] bytes =
        Hex.function(
            "06 80 80 80 80 04 7f 00 7e 80 80 80 80 04 7d 80 80 80 80 04 7c fe ff ff ff 03 70"
                + "01 64 70 20 fe ff ff ff 0f 1a 0b");
    InvalidException error =
        assertThrows(InvalidException.class, () -> Validator.validate(Module.decode(bytes)));
    assertEquals("uninitialized local 4294967294", error.reason());
  }

  @Test
  void callsThatPileUpResultsEndInAnError() {
    String results = "i64 ".repeat(1_000);
    Module module =
        Module.parse(
            "(module (func $f (result "
                + results
                + ") unreachable) (func "
                + "call $f ".repeat(2_000)
                + "unreachable))");
    InvalidException error = assertThrows(InvalidException.class, () -> Validator.validate(module));
    assertTrue(error.reason().startsWith("operand stack exceeds"), error.getMessage());
  }

  @Test
  void longChainsOfSuperTypesAreRefused() {
    StringBuilder text = new StringBuilder("(module (type (sub (struct)))");
    for (int i = 0; i < 64; i++) {
      text.append("(type (sub ").append(i).append(" (struct)))");
    }
    Module module = Module.parse(text.append(')').toString());
    InvalidException error = assertThrows(InvalidException.class, () -> Validator.validate(module));
    assertEquals("type 64", error.place());
  }
}
