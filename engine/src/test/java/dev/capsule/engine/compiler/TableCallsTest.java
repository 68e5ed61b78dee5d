package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled code remembers what it called through a table, and sees every change of the table. */
class TableCallsTest {
  private static final int TYPES = 20;

  private final Store store = Engine.builder().tier(Tier.JIT).build().newStore();
  private final Linker linker = new Linker();

  private Instance instance(String text) {
    return linker.instantiate(store, Module.parse(text));
  }

  private Instance ones() {
    Instance ones =
        instance(
            """
            (module
              (type $t (func (result i32)))
              (table (export "table") 4 100 funcref)
              (table $other 4 funcref)
              (func $one (export "one") (result i32) (i32.const 1))
              (func $two (export "two") (result i32) (i32.const 2))
              (func $long (export "long") (result i64) (i64.const 3))
              (elem declare func $one $two $long)
              (elem (i32.const 0) func $one $one $one $one)
              (elem $twos func $two $two)
              (func $three (result i32) (i32.const 3))
              (elem func $three)
              (func (export "call") (param i32) (result i32)
                (call_indirect (type $t) (local.get 0)))
              (func (export "set") (param i32) (table.set (local.get 0) (ref.func $two)))
              (func (export "fill") (param i32)
                (table.fill (local.get 0) (ref.func $two) (i32.const 1)))
              (func (export "init") (param i32)
                (table.init $twos (local.get 0) (i32.const 1) (i32.const 1)))
              (func (export "copy") (param i32)
                (table.fill $other (i32.const 0) (ref.func $two) (i32.const 2))
                (table.copy 0 $other (local.get 0) (i32.const 1) (i32.const 1)))
              (func (export "retype") (param i32) (table.set (local.get 0) (ref.func $long)))
              (func (export "null") (param i32) (table.set (local.get 0) (ref.null func)))
              (func (export "grow") (param i32)
                (drop (table.grow (ref.func $two) (local.get 0)))))
            """);
    for (int i = 0; i < 4; i++) {
      assertEquals(1, ones.func("call").call(i));
    }
    return ones;
  }

  @ParameterizedTest
  @CsvSource({"set", "fill", "init", "copy"})
  void writesAreSeen(String write) {
    Instance ones = ones();
    ones.func(write).call(2);
    for (int i = 0; i < 4; i++) {
      assertEquals(i == 2 ? 2 : 1, ones.func("call").call(i));
    }
  }

  @Test
  void writesOfTheHostAreSeen() {
    Instance ones = ones();
    ones.table("table").set(3, ones.func("two"));
    assertEquals(2, ones.func("call").call(3));
    assertEquals(1, ones.func("call").call(2));
  }

  @ParameterizedTest
  @CsvSource({
    "null, 1, UNINITIALIZED_ELEMENT",
    "retype, 1, INDIRECT_CALL_TYPE_MISMATCH",
    "grow, 5, UNDEFINED_ELEMENT"
  })
  void whatIsNoLongerThereTraps(String write, int index, TrapKind kind) {
    Instance ones = ones();
    ones.func(write).call(1);
    Trap trap = assertThrows(Trap.class, () -> ones.func("call").call(index));
    assertEquals(kind, trap.kind());
    trap = assertThrows(Trap.class, () -> ones.func("call").call(-1));
    assertEquals(TrapKind.UNDEFINED_ELEMENT, trap.kind());
    assertEquals(1, ones.func("call").call(0));
  }

  @Test
  void newElementsAreFound() {
    Instance ones = ones();
    ones.func("grow").call(50);
    for (int round = 0; round < 5; round++) {
      assertEquals(2, ones.func("call").call(53));
      assertEquals(1, ones.func("call").call(3));
    }
    ones.table("table").grow(1, ones.func("one"));
    assertEquals(1, ones.func("call").call(54));
    ones.func("set").call(54);
    assertEquals(2, ones.func("call").call(54));
  }

  /** Two modules that call by a supertype and by the type itself. */
  @Test
  void changesAreSeenInAllInstancesAndForAllTypes() {
    Instance owner =
        instance(
            """
            (module
              (type $up (sub (func (result i32))))
              (type $down (sub $up (func (result i32))))
              (table (export "table") 2 2 funcref)
              (func $up (export "up") (type $up) (i32.const 1))
              (func $down (export "down") (type $down) (i32.const 2))
              (func $never (type $down) (i32.const 3))
              (elem (i32.const 0) func $up $down)
              (elem func $never)
              (func (export "call") (param i32) (result i32)
                (call_indirect (type $up) (local.get 0))))
            """);
    linker.define("owner", "table", owner.table("table"));
    Instance user =
        instance(
            """
            (module
              (type $up (sub (func (result i32))))
              (type $down (sub $up (func (result i32))))
              (import "owner" "table" (table $shared 2 2 funcref))
              (func (export "call") (param i32) (result i32)
                (call_indirect $shared (type $down) (local.get 0))))
            """);
    assertEquals(1, owner.func("call").call(0));
    assertEquals(2, owner.func("call").call(1));
    assertEquals(2, user.func("call").call(1));
    assertThrows(Trap.class, () -> user.func("call").call(0));
    owner.table("table").set(0, owner.func("down"));
    owner.table("table").set(1, owner.func("up"));
    assertEquals(2, owner.func("call").call(0));
    assertEquals(1, owner.func("call").call(1));
    assertEquals(2, user.func("call").call(0));
    assertThrows(Trap.class, () -> user.func("call").call(1));
  }

  /** Functions that may be called directly, because they are few, but belong to others here. */
  @Test
  void functionsOfOtherInstancesAreNotTakenForOwnOnes() {
    Module module =
        Module.parse(
            """
            (module
              (type $t (func (result i32)))
              (global $g (export "g") (mut i32) (i32.const 0))
              (table (export "table") 3 3 funcref)
              (elem (i32.const 0) func $a $b $c)
              (func $a (export "a") (result i32) (global.get $g))
              (func $b (result i32) (i32.add (global.get $g) (i32.const 1)))
              (func $c (result i32) (i32.add (global.get $g) (i32.const 2)))
              (func (export "call") (param i32) (result i32)
                (call_indirect (type $t) (local.get 0))))
            """);
    Instance first = linker.instantiate(store, module);
    Instance second = linker.instantiate(store, module);
    Instance other =
        instance(
            """
            (module
              (func (export "a") (result i32) (i32.const 30)))
            """);
    first.global("g").set(10);
    second.global("g").set(20);
    for (int i = 0; i < 3; i++) {
      assertEquals(10 + i, first.func("call").call(i));
      assertEquals(20 + i, second.func("call").call(i));
    }
    first.table("table").set(1, second.func("a"));
    second.table("table").set(1, other.func("a"));
    assertEquals(10, first.func("call").call(0));
    assertEquals(20, first.func("call").call(1));
    assertEquals(12, first.func("call").call(2));
    assertEquals(30, second.func("call").call(1));
    assertEquals(20, second.func("call").call(0));
  }

  /** Many parameters make direct calls more bytes than a method may have for them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 12, 17, 18, 45, 46, 47, 80, 250})
  void argumentsArriveAndTrapsKeepTheirFrames(int parameters) {
    for (int functions = 1; functions < 19; functions += 2) {
      StringBuilder text = new StringBuilder("(module (type $t (func (param i32)");
      text.append(" (param i64)".repeat(parameters)).append(" (result i64)))");
      text.append("(table funcref (elem");
      for (int i = 0; i < functions; i++) {
        text.append(" $f").append(i);
      }
      text.append("))");
      for (int i = 0; i < functions; i++) {
        text.append(
            """
            (func $f%d (type $t)
              (if (local.get 0) (then (unreachable)))
              (i64.add (i64.const %d) %s))
            """
                .formatted(
                    i, i, parameters == 0 ? "(i64.const 0)" : "(local.get " + parameters + ")"));
      }
      text.append(
          "(func $call (export \"call\") (param $index i32) (param $trap i32) (result i64)");
      text.append(" (call_indirect (type $t) (local.get $trap) ");
      for (int i = 1; i <= parameters; i++) {
        text.append("(i64.const ").append(100 * i).append(')');
      }
      text.append("(local.get $index))))");
      Instance instance = instance(text.toString());
      for (int i = 0; i < 2 * functions; i++) {
        int index = i % functions;
        assertEquals(100L * parameters + index, instance.func("call").call(index, 0));
        Trap trap = assertThrows(Trap.class, () -> instance.func("call").call(index, 1));
        assertEquals(TrapKind.UNREACHABLE, trap.kind());
        assertEquals(
            List.of("f" + index, "call"), trap.frames().stream().map(Trap.Frame::name).toList());
      }
    }
  }

  /** The same for calls through references, whose functions may be of any instance and subtype. */
  @Test
  void referencesMayBeOfOtherInstances() {
    Module module =
        Module.parse(
            """
            (module
              (type $t (sub (func (result i32))))
              (type $u (sub $t (func (result i32))))
              (global $g (export "g") (mut i32) (i32.const 0))
              (table (export "table") 4 4 (ref null $t))
              (elem (i32.const 0) (ref null $t) (ref.func $a) (ref.func $b) (ref.func $c))
              (elem declare func $a $b $c)
              (func $a (export "a") (type $t) (global.get $g))
              (func $b (type $u) (i32.add (global.get $g) (i32.const 1)))
              (func $c (type $t) (i32.add (global.get $g) (i32.const 2)))
              (func (export "call") (param i32) (result i32)
                (call_ref $t (table.get 0 (local.get 0))))
              (func (export "sub") (param i32) (result i32)
                (call_ref $u (ref.cast (ref null $u) (table.get 0 (local.get 0))))))
            """);
    Instance first = linker.instantiate(store, module);
    Instance second = linker.instantiate(store, module);
    first.global("g").set(10);
    second.global("g").set(20);
    for (int i = 0; i < 3; i++) {
      assertEquals(10 + i, first.func("call").call(i));
      assertEquals(20 + i, second.func("call").call(i));
    }
    assertEquals(11, first.func("sub").call(1));
    first.table("table").set(1, second.func("a"));
    assertEquals(10, first.func("call").call(0));
    assertEquals(20, first.func("call").call(1));
    Trap cast = assertThrows(Trap.class, () -> first.func("sub").call(1));
    assertEquals(TrapKind.CAST_FAILURE, cast.kind());
    Trap none = assertThrows(Trap.class, () -> first.func("call").call(3));
    assertEquals(TrapKind.NULL_FUNCTION, none.kind());
  }

  /** Functions with so many direct calls are too much for one class. */
  @Test
  void aFunctionMayCallThousandsOfOthers() {
    int types = 2000;
    StringBuilder text = new StringBuilder("(module (table 4 funcref)");
    StringBuilder calls = new StringBuilder();
    for (int type = 0; type < types; type++) {
      StringBuilder params = new StringBuilder();
      StringBuilder names = new StringBuilder();
      for (int bit = 0; bit < 11; bit++) {
        params.append((type >> bit & 1) == 0 ? " i32" : " i64");
      }
      text.append("(type $t%1$d (func (param%2$s)))".formatted(type, params));
      for (int i = 0; i < 10; i++) {
        text.append("(func $f%1$d_%2$d (type $t%1$d))".formatted(type, i));
        names.append(" $f%d_%d".formatted(type, i));
      }
      text.append("(elem func").append(names).append(")");
      for (int bit = 0; bit < 11; bit++) {
        calls.append((type >> bit & 1) == 0 ? "(i32.const 0)" : "(i64.const 0)");
      }
      calls.append("(call_indirect (type $t%1$d) (local.get 0))".formatted(type));
    }
    text.append("(func (export \"call\") (param i32)").append(calls).append("))");
    Instance instance = instance(text.toString());
    assertThrows(Trap.class, () -> instance.func("call").call(0));
    assertEquals(0, store.engine().statistics().failed());
  }

  /** More types than are searched for what has changed. */
  @Test
  void changesAreSeenByCallsOfManyTypes() {
    StringBuilder functions = new StringBuilder();
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();
    for (int i = 0; i < TYPES; i++) {
      String parameters = "i32 ".repeat(i);
      functions.append(
          """
          (type $t%1$d (func (param %2$s) (result i32)))
          (func $a%1$d (type $t%1$d) (i32.const %1$d))
          (func $b%1$d (type $t%1$d) (i32.const %3$d))
          (func (export "call%1$d") (result i32)
            %4$s (call_indirect (type $t%1$d) (i32.const %1$d)))
          """
              .formatted(i, parameters, i + 1000, "(i32.const 0)".repeat(i)));
      first.append(" $a").append(i);
      second.append(" $b").append(i);
    }
    Instance instance =
        instance(
            """
            (module %2$s
              (table %1$d %1$d funcref)
              (elem (i32.const 0) func %3$s)
              (elem $second func %4$s)
              (func (export "replace") (param i32)
                (table.init $second (local.get 0) (local.get 0) (i32.const 1))))
            """
                .formatted(TYPES, functions, first, second));
    for (int replaced = 0; replaced < TYPES; replaced++) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < TYPES; i++) {
          int expected = i < replaced ? i + 1000 : i;
          assertEquals(expected, instance.func("call" + i).call());
        }
      }
      instance.func("replace").call(replaced);
    }
  }
}
