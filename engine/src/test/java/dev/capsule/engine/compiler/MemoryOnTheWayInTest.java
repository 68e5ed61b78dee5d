package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.exec.ArrayMemory;
import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What compiled code takes of memory 0 on the way into a method: an array that is its own bound, or
 * one with room, and that this changes while a callee runs.
 */
class MemoryOnTheWayInTest {
  private static final int PAGE = 65536;

  /** From here on arrays get room when they grow. */
  private static final int GROWTHS = 130;

  private static final int OFFSET = 24;

  /** Makes a function too large for one method. */
  private static final String FILLER =
      "(local.set $f (i32.rotl (i32.xor (local.get $f) (i32.const 77)) (i32.const 3)))".repeat(150);

  /** An access by name; it goes to {@code $at}, or to 24 bytes behind it. */
  private record Access(String name, String code, int bytes) {
    static Access load(String type, String instruction, String offset, int bytes) {
      return new Access(
          instruction + offset,
          "(drop (%s.%s %s (local.get $at)))".formatted(type, instruction, offset),
          bytes);
    }

    int offset() {
      return code.contains("offset") ? OFFSET : 0;
    }
  }

  private static final List<Access> ACCESSES = new ArrayList<>();

  static {
    for (String offset : new String[] {"", "offset=" + OFFSET}) {
      ACCESSES.add(Access.load("i32", "load", offset, 4));
      ACCESSES.add(Access.load("i32", "load8_u", offset, 1));
      ACCESSES.add(
          new Access(
              "store" + offset, "(i64.store " + offset + " (local.get $at) (i64.const -1))", 8));
    }
  }

  /**
   * By number of the access: whole functions "w", split ones "s", and both with a call before the
   * access, "cw" and "cs", behind another access that brings memory in; loops "l" and "cl", with a
   * step that is no constant "v" and "cv".
   */
  private static Module module() {
    StringBuilder text = new StringBuilder("(module (memory (export \"m\") 1)");
    text.append("(func $grow (param $times i32) (if (local.get $times) (then");
    text.append(" (drop (memory.grow (i32.const 1)))");
    text.append(" (call $grow (i32.sub (local.get $times) (i32.const 1))))))\n");
    String before = "(drop (i32.load (i32.const 4))) (drop (i32.load offset=4 (i32.const 4)))";
    String call = before + "(call $grow (local.get $times))";
    for (int i = 0; i < ACCESSES.size(); i++) {
      String access = ACCESSES.get(i).code;
      function(text, "w" + i, access);
      function(text, "cw" + i, call + access);
      function(text, "s" + i, FILLER + before + FILLER + access + FILLER);
      function(text, "cs" + i, FILLER + call + FILLER + access + FILLER);
      // Ends at $at, and begins a few rounds before.
      String loop =
          """
          (local.set $end (local.get $at))
          (local.set $at (i32.sub (local.get $at) (i32.const 99)))
          (loop $again
            %s
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $again (i32.le_s (local.get $at) (local.get $end))))
          """
              .formatted(access);
      function(text, "l" + i, loop);
      function(text, "cl" + i, call + loop);
      // With a step known at run time only, the copy that counts its fuel has variables of its own.
      String varying =
          "(local.set $step (i32.sub (i32.clz (local.get $f)) (i32.const 31)))"
              + loop.replace(
                  "(local.get $at) (i32.const 1)))", "(local.get $at) (local.get $step)))");
      function(text, "v" + i, varying);
      function(text, "cv" + i, call + varying);
    }
    return Module.parse(text.append(')').toString());
  }

  private static void function(StringBuilder text, String name, String code) {
    text.append("(func (export \"").append(name).append("\") (param $times i32) (param $at i32)");
    text.append(" (local $f i32) (local $end i32) (local $step i32) ").append(code).append(")\n");
  }

  private static final Module MODULE = module();

  private static Instance instance(FuelMode mode) {
    Engine engine = Engine.builder().tier(Tier.JIT).fuelMode(mode).build();
    return new Linker().instantiate(engine.newStore(), MODULE);
  }

  private static ArrayMemory memory(Instance instance) {
    return (ArrayMemory) instance.memory("m");
  }

  private static void grow(Instance instance, int times) {
    for (int i = 0; i < times; i++) {
      memory(instance).grow(1);
    }
  }

  /**
   * Calls a function with an access that is the last within bounds, or the first out of them.
   *
   * @param growths what the function's callee grows memory by
   */
  private static void check(Instance instance, String kind, int number, int growths, int beyond) {
    Access access = ACCESSES.get(number);
    int size = memory(instance).size + growths * PAGE;
    int at = size - access.bytes - access.offset() + beyond;
    String what = kind + number + " " + access.name + " at " + at + " of " + size;
    if (beyond > 0) {
      Trap trap =
          assertThrows(
              Trap.class, () -> instance.func(kind + number).call(growths, at), () -> what);
      assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind(), what);
    } else {
      assertDoesNotThrow(() -> instance.func(kind + number).call(growths, at), what);
    }
    assertEquals(size, memory(instance).size, what);
  }

  private static void check(Instance instance, List<String> kinds) {
    for (String kind : kinds) {
      for (int i = 0; i < ACCESSES.size(); i++) {
        check(instance, kind, i, 0, 0);
        check(instance, kind, i, 0, 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXACT", "OFF"})
  void accessesEndAtTheSize(FuelMode mode) {
    List<String> kinds = List.of("w", "s", "l", "v", "cw", "cs", "cl", "cv");
    Instance instance = instance(mode);
    check(instance, kinds);
    grow(instance, 3);
    assertEquals(memory(instance).size, memory(instance).bytes.length);
    check(instance, kinds);
    grow(instance, GROWTHS);
    assertEquals(true, memory(instance).size < memory(instance).bytes.length, "there is room");
    check(instance, kinds);
    // What is loaded is what has been written, in each of them.
    int last = memory(instance).size - 8;
    for (String kind : kinds) {
      memory(instance).putLong(last, 5);
      instance.func(kind + 2).call(0, last);
      assertEquals(-1, memory(instance).getLong(last), kind);
    }
  }

  /** The array has been its own bound where the method began. */
  @ParameterizedTest
  @EnumSource(names = {"EXACT", "OFF"})
  void calleesMakeRoom(FuelMode mode) {
    for (String kind : List.of("cw", "cs", "cl", "cv")) {
      for (int i = 0; i < ACCESSES.size(); i++) {
        for (int beyond = 0; beyond < 2; beyond++) {
          Instance instance = instance(mode);
          check(instance, kind, i, 2, beyond);
          check(instance, kind, i, GROWTHS, beyond);
          assertEquals(true, memory(instance).size < memory(instance).bytes.length);
          check(instance, kind, i, 1, beyond);
        }
      }
    }
  }

  @Test
  void functionsAreWhatTheyAreMeantToBe() {
    Instance instance = instance(FuelMode.EXACT);
    check(instance, List.of("w", "s", "cw", "cs"));
    for (String name : List.of("w0", "s0", "cw0", "cs0")) {
      CompiledBody body = ((WasmFunction) instance.func(name)).code.compiled;
      assertEquals(name.contains("s"), isSplit(body), name);
    }
  }

  /** Whether a function consists of several methods, which have a frame. */
  static boolean isSplit(CompiledBody body) {
    Class<?> type = body.getClass();
    try {
      type.getClassLoader().loadClass(type.getName() + "$Frame");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Another instance grows the memory that both have. */
  @Test
  void memoriesOfSeveralInstances() {
    Instance owner = instance(FuelMode.EXACT);
    Module module =
        Module.parse(
            """
            (module (import "o" "m" (memory 1)) (import "o" "cw0" (func $grow (param i32 i32)))
              (func (export "f") (param $times i32) (param $at i32) (local $f i32)
                %1$s
                (drop (i32.load (i32.const 4)))
                (call $grow (local.get $times) (i32.const 0))
                %1$s
                (drop (i32.load (local.get $at)))
                (drop (i32.load offset=4 (i32.sub (local.get $at) (i32.const 4))))))
            """
                .formatted(FILLER));
    Linker linker = new Linker();
    linker.define("o", "m", memory(owner));
    linker.define("o", "cw0", owner.func("cw0"));
    Instance user = linker.instantiate(owner.store(), module);
    ModuleInstance other = (ModuleInstance) linker.instantiate(owner.store(), module);
    for (int times : new int[] {1, GROWTHS, 1, 0, 30}) {
      int size = memory(owner).size + times * PAGE;
      user.func("f").call(times, size - 4);
      assertThrows(Trap.class, () -> user.func("f").call(0, size - 3));
      other.func("f").call(0, size - 4);
      assertThrows(Trap.class, () -> other.func("f").call(0, size - 3));
    }
  }
}
