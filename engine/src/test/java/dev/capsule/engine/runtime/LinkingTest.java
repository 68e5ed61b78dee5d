package dev.capsule.engine.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.TableType;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports, exports, and the order in which an instance comes into being. */
class LinkingTest {
  private final Engine engine = Engine.builder().tier(Tier.INTERPRETER).build();
  private final Store store = engine.newStore();

  private static final String EXPORTS =
      """
      (module
        (func (export "f") (import "host" "f") (param i32) (result i64))
        (table (export "t") 10 20 funcref)
        (table (export "t64") i64 10 20 funcref)
        (memory (export "m") 2 5)
        (memory (export "unlimited") 2)
        (memory (export "shared") 2 5 shared)
        (memory (export "m64") i64 2 5)
        (memory (export "bytes") 2 5 (pagesize 1))
        (global (export "g") i32 (i32.const 7))
        (global (export "mut") (mut anyref) (ref.null any))
        (global (export "nn") (ref i31) (ref.i31 (i32.const 3)))
        (tag (export "e") (param i32)))
      """;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          f | (func (param i32) (result i64)) | ok
          f | (func (param i32)) | incompatible import type
          f | (memory 1) | incompatible import type
          x | (func (param i32)) | unknown import
          t | (table 10 funcref) | ok
          t | (table 10 20 funcref) | ok
          t | (table 5 30 funcref) | ok
          t | (table 11 funcref) | incompatible import type
          t | (table 10 19 funcref) | incompatible import type
          t | (table 10 externref) | incompatible import type
          t | (table i64 10 20 funcref) | incompatible import type
          t64 | (table i64 10 20 funcref) | ok
          m | (memory 2 5) | ok
          m | (memory 0 6) | ok
          m | (memory 1) | ok
          m | (memory 3) | incompatible import type
          m | (memory 2 4) | incompatible import type
          unlimited | (memory 2 9) | incompatible import type
          m | (memory 2 5 shared) | incompatible import type
          shared | (memory 2 5 shared) | ok
          shared | (memory 2 5) | incompatible import type
          m64 | (memory i64 2 5) | ok
          m64 | (memory 2 5) | incompatible import type
          bytes | (memory 2 5 (pagesize 1)) | ok
          bytes | (memory 2 5) | incompatible import type
          g | (global i32) | ok
          g | (global (mut i32)) | incompatible import type
          g | (global i64) | incompatible import type
          mut | (global (mut anyref)) | ok
          mut | (global (mut eqref)) | incompatible import type
          nn | (global anyref) | ok
          nn | (global (ref i31)) | ok
          nn | (global (ref eq)) | ok
          nn | (global (ref struct)) | incompatible import type
          e | (tag (param i32)) | ok
          e | (tag (param i64)) | incompatible import type
          """,
      delimiter = '|')
  void importsMatchByType(String name, String type, String outcome) {
    Linker linker =
        new Linker()
            .func(
                "host",
                "f",
                new FuncType(List.of(NumType.I32), List.of(NumType.I64)),
                caller -> caller.setI64(0, caller.i32(0)));
    linker.define("m", linker.instantiate(store, Module.parse(EXPORTS)));
    Module importer = Module.parse("(module (import \"m\" \"" + name + "\" " + type + "))");
    if (outcome.equals("ok")) {
      linker.instantiate(store, importer);
    } else {
      LinkException refused =
          assertThrows(LinkException.class, () -> linker.instantiate(store, importer));
      assertTrue(refused.getMessage().startsWith(outcome), refused.getMessage());
      assertTrue(refused.getMessage().contains("\"m\" \"" + name + "\""), refused.getMessage());
    }
  }

  @Test
  void sizesThatHaveGrownCount() {
    Memory memory = Memory.create(store, new MemoryType(Limits.of(1, 4)));
    Linker linker = new Linker().define("m", "memory", memory);
    Module importer = Module.parse("(module (import \"m\" \"memory\" (memory 3)))");
    assertThrows(LinkException.class, () -> linker.instantiate(store, importer));
    assertEquals(1, memory.grow(2));
    linker.instantiate(store, importer);
  }

  @Test
  void thingsOfOtherStoresAreRefusedUnlessShared() {
    Store other = engine.newStore();
    Linker linker = new Linker();
    linker.define("m", "f", Func.create(other, FuncType.EMPTY, caller -> {}));
    linker.define("m", "m", Memory.create(other, new MemoryType(Limits.of(1))));
    linker.define("m", "g", Global.create(new GlobalType(true, NumType.I32), 1));
    for (String wanted : List.of("\"f\" (func)", "\"m\" (memory 1)")) {
      Module importer = Module.parse("(module (import \"m\" " + wanted + "))");
      LinkException refused =
          assertThrows(LinkException.class, () -> linker.instantiate(store, importer));
      assertTrue(refused.getMessage().contains("another store"), refused.getMessage());
    }
    linker.instantiate(store, Module.parse("(module (import \"m\" \"g\" (global (mut i32))))"));
  }

  private static final Module GIVER =
      Module.parse(
          """
          (module
            (type $cell (struct (field (mut funcref))))
            (tag $numbers (export "numbers") (param i32))
            (tag $functions (export "functions") (param funcref))
            (func $f (export "f") (result i32) (i32.const 7))
            (global (export "fixed") funcref (ref.func $f))
            (global (export "mutable") (mut funcref) (ref.null func))
            (global (export "none") funcref (ref.null func))
            (func (export "cell") (result anyref) (struct.new $cell (ref.func $f)))
            (func (export "throw number") (throw $numbers (i32.const 5)))
            (func (export "throw function") (throw $functions (ref.func $f))))
          """);

  @Test
  void globalsThatHoldWhatIsOfOtherStoresAreRefused() {
    Linker linker = new Linker().define("m", new Linker().instantiate(engine.newStore(), GIVER));
    Global free = Global.create(new GlobalType(true, RefType.FUNCREF), null);
    linker.define("m", "free", free);
    Func foreign = Func.create(engine.newStore(), FuncType.EMPTY, caller -> {});
    linker.define("m", "set", Global.create(new GlobalType(true, RefType.FUNCREF), foreign));
    linker.define("m", "host", Global.create(new GlobalType(false, RefType.EXTERNREF), "text"));
    for (String wanted :
        List.of(
            "\"fixed\" (global funcref)",
            "\"mutable\" (global (mut funcref))",
            "\"set\" (global (mut funcref))")) {
      Module importer = Module.parse("(module (import \"m\" " + wanted + "))");
      LinkException refused =
          assertThrows(LinkException.class, () -> linker.instantiate(store, importer));
      assertTrue(refused.getMessage().contains("another store"), refused.getMessage());
    }
    linker.instantiate(store, Module.parse("(module (import \"m\" \"none\" (global funcref)))"));
    linker.instantiate(store, Module.parse("(module (import \"m\" \"host\" (global externref)))"));
    Module takesFree = Module.parse("(module (import \"m\" \"free\" (global (mut funcref))))");
    linker.instantiate(store, takesFree);
    linker.instantiate(store, takesFree);
    assertThrows(IllegalArgumentException.class, () -> free.set(foreign));
    assertThrows(LinkException.class, () -> linker.instantiate(engine.newStore(), takesFree));
  }

  @Test
  void structsOfOtherStoresAreRefused() {
    Instance other = new Linker().instantiate(engine.newStore(), GIVER);
    Object cell = other.func("cell").call();
    String types = "(type $cell (struct (field (mut funcref))))";
    Instance taker =
        new Linker()
            .func("m", "give", MethodHandles.constant(Object.class, cell))
            .instantiate(
                store,
                Module.parse(
                    "(module (import \"m\" \"give\" (func $give (result externref)))"
                        + types
                        + "(table (export \"t\") 1 anyref)"
                        + "(func (export \"take\") (param anyref))"
                        + "(func (export \"get\") (drop (call $give)))"
                        + "(func (export \"make\") (result anyref) (struct.new_default $cell)))"));
    assertThrows(IllegalArgumentException.class, () -> taker.func("take").call(cell));
    assertThrows(IllegalArgumentException.class, () -> taker.table("t").set(0, cell));
    assertThrows(IllegalArgumentException.class, () -> taker.func("get").call());
    Object own = taker.func("make").call();
    taker.func("take").call(own);
    taker.table("t").set(0, own);
  }

  @Test
  void exceptionsPassBetweenStoresUnlessTheyCarryReferences() {
    Instance other = new Linker().instantiate(engine.newStore(), GIVER);
    Linker linker = new Linker().define("m", "numbers", other.export("numbers").orElseThrow());
    linker.define("m", "functions", other.export("functions").orElseThrow());
    linker.func("m", "number", FuncType.EMPTY, caller -> other.func("throw number").call());
    linker.func("m", "function", FuncType.EMPTY, caller -> other.func("throw function").call());
    Instance catcher =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module
                  (import "m" "numbers" (tag $numbers (param i32)))
                  (import "m" "functions" (tag $functions (param funcref)))
                  (import "m" "number" (func $number))
                  (import "m" "function" (func $function))
                  (func (export "number") (result i32)
                    (block (result i32)
                      (try_table (catch $numbers 0) (call $number)) (i32.const 0)))
                  (func (export "function") (result funcref)
                    (block (result funcref)
                      (try_table (catch $functions 0) (call $function)) (ref.null func))))
                """));
    assertEquals(5, catcher.func("number").call());
    assertThrows(IllegalArgumentException.class, () -> catcher.func("function").call());
  }

  @Test
  void constantExpressionsOfAllKinds() {
    Global imported = Global.create(new GlobalType(false, NumType.I32), 1000);
    Instance instance =
        new Linker()
            .define("m", "g", imported)
            .instantiate(
                store,
                Module.parse(
                    """
                    (module
                      (type $pair (struct (field i8) (field (mut v128)) (field anyref)))
                      (type $bytes (array (mut i8)))
                      (type $vectors (array v128))
                      (global $g (import "m" "g") i32)
                      (global (export "arith") i32
                        (i32.sub (i32.mul (global.get $g) (i32.const 3)) (i32.add (i32.const 1) (i32.const 2))))
                      (global $wide (export "wide") i64
                        (i64.sub (i64.const 5) (i64.mul (i64.const 1000000000000) (i64.const 3))))
                      (global (export "copy") i64 (global.get $wide))
                      (global (export "f") f32 (f32.const -1.5))
                      (global (export "v") v128 (v128.const i64x2 1 -2))
                      (global (export "i31") i31ref (ref.i31 (i32.const -1)))
                      (global (export "null") structref (ref.null none))
                      (global $bytes (export "bytes") (ref $bytes)
                        (array.new $bytes (i32.const 511) (i32.const 3)))
                      (global (export "pair") (ref $pair)
                        (struct.new $pair (i32.const 511) (v128.const i64x2 3 4) (global.get $bytes)))
                      (global (export "pair0") (ref $pair) (struct.new_default $pair))
                      (global (export "vectors") (ref $vectors)
                        (array.new_fixed $vectors 2 (v128.const i64x2 1 2) (v128.const i64x2 3 4)))
                      (global (export "extern") externref
                        (extern.convert_any (array.new_default $bytes (i32.const 1))))
                      (global (export "f0") funcref (ref.null func)))
                    """));
    assertEquals(2997, instance.global("arith").get());
    assertEquals(5 - 3_000_000_000_000L, instance.global("wide").get());
    assertEquals(5 - 3_000_000_000_000L, instance.global("copy").get());
    assertEquals(-1.5f, instance.global("f").get());
    assertEquals(new V128(1, -2), instance.global("v").get());
    assertNull(instance.global("null").get());
    assertInstanceOf(Object.class, instance.global("extern").get());
    assertNotSame(instance.global("pair").get(), instance.global("pair0").get());
  }

  @Test
  void segmentsThatWereWrittenBeforeATrapStay() {
    Memory memory = Memory.create(store, new MemoryType(Limits.of(1)));
    Linker linker = new Linker().define("m", "memory", memory);
    Module module =
        Module.parse(
            """
            (module
              (import "m" "memory" (memory 1))
              (data (i32.const 0) "abc")
              (data (i32.const 65534) "defg")
              (data (i32.const 8) "never"))
            """);
    Trap trap = assertThrows(Trap.class, () -> linker.instantiate(store, module));
    assertEquals("out of bounds memory access", trap.getMessage());
    assertEquals("abc", memory.readString(0, 3));
    assertEquals(0, memory.getInt(8));
    assertEquals(0, memory.getShort(65534), "a segment is written whole or not at all");
  }

  @Test
  void elementSegmentsGoBeforeDataSegments() {
    Memory memory = Memory.create(store, new MemoryType(Limits.of(1)));
    Linker linker = new Linker().define("m", "memory", memory);
    Module module =
        Module.parse(
            """
            (module
              (import "m" "memory" (memory 1))
              (table 1 i31ref)
              (data (i32.const 0) "abc")
              (elem (table 0) (i32.const 1) i31ref (ref.i31 (i32.const 0))))
            """);
    Trap trap = assertThrows(Trap.class, () -> linker.instantiate(store, module));
    assertEquals("out of bounds table access", trap.getMessage());
    assertEquals(0, memory.getByte(0));
  }

  @Test
  void theStartFunctionRunsLast() {
    StringBuilder seen = new StringBuilder();
    Linker linker =
        new Linker()
            .func(
                "m",
                "start",
                FuncType.EMPTY,
                caller -> seen.append(caller.memory().readString(0, 3)));
    Module module =
        Module.parse(
            """
            (module
              (import "m" "start" (func $start))
              (memory 1)
              (data (i32.const 0) "abc")
              (start $start))
            """);
    linker.instantiate(store, module);
    assertEquals("abc", seen.toString());
    linker.func(
        "m",
        "start",
        FuncType.EMPTY,
        caller -> {
          throw new IOException("start");
        });
    assertThrows(IOException.class, () -> linker.instantiate(store, module));
  }

  @Test
  void hostFunctionsMatchByStructure() {
    Linker linker = new Linker().func("m", "f", IntUnaryOperator.class, x -> x + 1);
    Instance instance =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module
                  (rec (type $other (struct)) (type $f (sub (func (param i32) (result i32)))))
                  (import "m" "f" (func $f (type $f)))
                  (table funcref (elem $f))
                  (func (export "call") (result i32)
                    (call_indirect (type $f) (i32.const 41) (i32.const 0))))
                """));
    assertEquals(42, instance.func("call").call());
    Module other = Module.parse("(module (import \"m\" \"f\" (func (param i64))))");
    LinkException refused =
        assertThrows(LinkException.class, () -> linker.instantiate(store, other));
    assertTrue(
        refused.getMessage().contains("wanted func [i64] -> []; given func [i32] -> [i32]"),
        refused.getMessage());
  }

  @Test
  void exportsKeepTheirIdentity() {
    Linker linker = new Linker().func("m", "f", FuncType.EMPTY, caller -> {});
    Instance instance =
        linker.instantiate(
            store,
            Module.parse(
                """
                (module
                  (import "m" "f" (func $f))
                  (table (export "t") funcref (elem $f $f))
                  (export "f" (func $f))
                  (export "again" (func $f)))
                """));
    assertSame(instance.func("f"), instance.func("again"));
    assertSame(instance.func("f"), instance.table("t").get(1));
    assertSame(store, instance.func("f").store());
    assertTrue(linker.defines("m", "f"));
    assertFalse(linker.defines("m", "g"));
  }

  @Test
  void tablesCheckWhatTheHostPutsIn() {
    Func func = Func.create(store, FuncType.EMPTY, caller -> {});
    Table table =
        Table.create(store, new TableType(AddressType.I32, Limits.of(2, 3), RefType.FUNCREF), func);
    assertSame(func, table.get(1));
    assertThrows(IllegalArgumentException.class, () -> table.set(0, "text"));
    assertThrows(Trap.class, () -> table.set(2, null));
    assertEquals(2, table.grow(1, null));
    assertNull(table.get(2));
    assertEquals(-1, table.grow(1, null));
    Func foreign = Func.create(engine.newStore(), FuncType.EMPTY, caller -> {});
    assertThrows(IllegalArgumentException.class, () -> table.set(0, foreign));
  }

  @Test
  void enginesWithoutAFeatureNameIt() {
    Engine mvp = Engine.builder().tier(Tier.INTERPRETER).features(Set.of()).build();
    Module module = Module.parse("(module (memory i64 1))");
    InvalidException refused =
        assertThrows(
            InvalidException.class, () -> new Linker().instantiate(mvp.newStore(), module));
    assertTrue(refused.getMessage().contains(Feature.MEMORY64.toString()), refused.getMessage());
    new Linker().instantiate(store, module);
  }
}
