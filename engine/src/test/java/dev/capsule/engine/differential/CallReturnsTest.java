package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuel is compared behind calls from which much can be consumed before it is compared again. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallReturnsTest {
  private static final Subject REFERENCE = Subject.reference();
  private static final long REFERENCE_STACK = 512 << 20;

  /** The most that is consumed behind a call without a comparison. */
  private static final int MOST = 4096;

  static List<Subject> subjects() {
    return Stream.of(Tier.values()).map(Subject::of).toList();
  }

  /** A function of the test, with {@code LONG} for more than may follow a call uncompared. */
  private static Module module(String body) {
    String text =
        body.replace("LONG", "(local.set $x (local.get $x))".repeat(MOST / 2) + "(call $leaf)")
            .replace("MOST", "(local.set $x (local.get $x))".repeat(MOST / 2))
            .replace("HALF", "(local.set $x (local.get $x))".repeat(MOST / 4 - 74));
    return Module.parse(
        """
        (module
          (import "host" "f" (func $host))
          (type $t (func)) (type $s (struct)) (tag $tag)
          (table 2 funcref) (elem (i32.const 0) func $f $leaf)
          (memory 1)
          (func $leaf (export "leaf"))
          (func $other (export "other") (loop))
          (func $f (export "f") (local $x i32)
        """
            + text
            + "))");
  }

  private static FunctionCode function(String body, String name) {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Linker linker = new Linker();
    linker.func("host", "f", Runnable.class, () -> {});
    return ((WasmFunction) linker.instantiate(store, module(body)).func(name)).code;
  }

  private static List<Integer> calls(FunctionCode code) {
    Module module = code.module.module;
    InstructionReader reader = new InstructionReader(module, module.body(code.index).code());
    List<Integer> calls = new ArrayList<>();
    while (!reader.atEnd()) {
      reader.next();
      if (reader.opcode.mnemonic().matches("(return_)?call.*")) {
        calls.add(reader.start);
      }
    }
    return calls;
  }

  /** A letter per call: whether fuel is compared behind it. */
  private static String compared(FunctionCode code) {
    StringBuilder compared = new StringBuilder();
    for (int call : calls(code)) {
      compared.append(code.comparesBehind(call) ? 'y' : 'n');
    }
    return compared.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(call $f); n",
        "(call $f) MOST; n",
        "(call $f) LONG; yn",
        "(call $host) LONG; yn",
        "(call_indirect (i32.const 0)) LONG; yn",
        "(call_ref $t (ref.func $f)) LONG; yn",
        "(call $leaf) LONG; nn",
        // Those that come first find the comparison of the next: at its entry, or behind it.
        "(call $f) (call $f) LONG; nyn",
        "(call $f) (call $host) LONG; nyn",
        "(call $f) HALF (call $host) HALF; nn",
        "(call $f) HALF (call $host) HALF HALF; yn",
        "(call $f) HALF (call $host) HALF HALF HALF; ny",
        "(call $f) HALF (call $other) HALF; nn",
        "(call $host) HALF (call $leaf) HALF; nn",
        "(call $host) HALF HALF (call $leaf) HALF; yn",
        // Loops.
        "(call $f) (loop) LONG; nn",
        "(call $f) (loop LONG); nn",
        "(loop (call $f) (br_if 0 (i32.const 1)) HALF); n",
        "(loop (call $f) (br_if 0 (i32.const 1)) LONG); yn",
        "(loop (call $f) HALF (br 0) HALF); n",
        "(loop (block (call $f) (br 1)) LONG); nn",
        "(loop (block (call $f) (br 0)) LONG); yn",
        "(loop (block (call $f) (br_table 0 1 (i32.const 1))) LONG); yn",
        "(loop (block (call $f) (br_table 1 1 (i32.const 1))) LONG); nn",
        // Branches.
        "(call $f) (return) LONG; nn",
        "(call $f) (unreachable) LONG; nn",
        "(call $f) (br 0) LONG; nn",
        "(call $f) (return_call $f) LONG; nnn",
        "(block (call $f) (br_if 0 (i32.const 1)) LONG); yn",
        "(block (call $f) (br_on_null 0 (ref.null func)) (drop) LONG); yn",
        "(block (call $f) (br 0) LONG); nn",
        "(block (call $f) (br 0)) LONG; yn",
        "(call $f) (if (i32.const 1) (then LONG)); yn",
        "(call $f) (if (i32.const 1) (then) (else LONG)); yn",
        "(call $f) (if (i32.const 1) (then HALF) (else HALF)) HALF; n",
        "(call $f) (if (i32.const 1) (then HALF HALF)) HALF; y",
        "(if (i32.const 1) (then (call $f)) (else LONG)); nn",
        "(if (i32.const 1) (then (call $f)) (else (call $f))) LONG; yyn",
        "(if (i32.const 1) (then (call $f) (return)) (else (call $f))) LONG; nyn",
        // Exceptions: whoever catches compares.
        "(call $f) (throw $tag) LONG; nn",
        "(block (try_table (catch_all 0) (call $f))) LONG; yn",
        "(block (try_table (catch_all 0) (call $f) (return))) LONG; nn",
        "(block (try_table (catch_all 0) (call $f) (throw $tag))) LONG; nn",
        // What cannot be reached, and what is in it.
        "(return) (call $f) LONG; yn",
        "(br 0) (block (drop (i32.add (call $f) (unreachable))) LONG) ; nn",
      })
  void behindTheseCalls(String body, String compared) {
    assertEquals(compared, compared(function(body, "f")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "try (call $f) catch_all LONG end; nn",
        "try (call $f) catch $tag LONG (call $f) end LONG; ynyn",
        "try (call $f) catch $tag (call $f) (rethrow 0) catch_all end LONG; ynn",
        "try (call $f) delegate 0 LONG; yn",
      })
  void olderExceptions(String body, String compared) {
    assertEquals(compared, compared(function(body, "f")));
  }

  @Test
  void anyOrderOfQuestionsHasTheSameAnswers() {
    String body = "(call $f) LONG (call $f) LONG (call $f) HALF (call $f)";
    String expected = compared(function(body, "f"));
    assertEquals("ynynnn", expected);
    List<Integer> calls = calls(function(body, "f"));
    for (int first = 0; first < calls.size(); first++) {
      FunctionCode code = function(body, "f");
      code.comparesBehind(calls.get(first));
      assertEquals(expected, compared(code));
    }
  }

  @Test
  void blocksMayBeNestedDeeply() {
    int depth = 200_000;
    String body = "block ".repeat(depth) + "(call $f)" + "end ".repeat(depth) + "LONG";
    assertEquals("yn", compared(function(body, "f")));
  }

  private static Instance instantiate(Store store, Module module) {
    Linker linker = new Linker();
    linker.func("host", "f", Runnable.class, () -> {});
    return linker.instantiate(store, module);
  }

  private static String run(
      Instance instance, Store store, String name, long fuel, Object... args) {
    store.setFuel(fuel);
    long before = store.fuelConsumed();
    String end;
    try {
      end = "returned " + instance.func(name).call(args);
    } catch (Trap trap) {
      end = trap.kind().name();
    } catch (WasmException e) {
      end = "exception";
    }
    return end + ", " + (store.fuelConsumed() - before);
  }

  /** What the reference does in a thread of its own, which has room for deep recursion. */
  private static String expected(Module module, String name, long fuel, Object... args) {
    return CompletableFuture.supplyAsync(
            () -> {
              Store store = REFERENCE.open().newStore();
              return run(instantiate(store, module), store, name, fuel, args);
            },
            action -> new Thread(null, action, "reference", REFERENCE_STACK).start())
        .join();
  }

  private static final Module RETURNS =
      Module.parse(
          """
          (module
            (import "host" "f" (func $host))
            (type $many (func (param i32) (result i32 i64 f64 i32)))
            (type $wide (func (param i32) (result v128)))
            (table 2 funcref) (elem (i32.const 0) func $many $wide)
            (tag $tag (param i32))
            (global $n (mut i32) (i32.const 0))
            (func $many (type $many)
              (loop) (global.set $n (local.get 0))
              (local.get 0) (i64.const 7) (f64.const 2) (i32.const 3))
            (func $wide (type $wide) (loop) (i32x4.splat (local.get 0)))
            (func $throws (param i32) (loop) (throw $tag (local.get 0)))
            (func $recurses (export "recurses") (param $n i32) (result i32) (local $x i32)
              (i32.add
                (local.get $n)
                (if (result i32) (local.get $n)
                  (then (call $recurses (i32.sub (local.get $n) (i32.const 1))))
                  (else (i32.const 5))))
              LONG)
            (func (export "many") (param $n i32) (result i32) (local $x i32)
              (i32.const 11)
              (call $many (local.get $n))
              (drop) (drop) (i32.wrap_i64) (i32.add) (i32.add)
              LONG)
            (func (export "wide") (param $n i32) (result i32) (local $x i32)
              (i32.const 11)
              (i32x4.extract_lane 1 (call_indirect (type $wide) (local.get $n) (i32.const 1)))
              (i32.add)
              LONG)
            (func (export "imported") (param $n i32) (result i32) (local $x i32)
              (i32.const 11)
              (call $host)
              LONG)
            (func (export "catches") (param $n i32) (result i32) (local $x i32)
              (block $b (result i32)
                (try_table (catch $tag $b) (call $throws (local.get $n)))
                (i32.const 1))
              LONG)
            (func (export "older") (param $n i32) (result i32) (local $x i32)
              try (result i32)
                try
                  (call $throws (local.get $n))
                catch_all
                  LONG
                  (call $throws (i32.const 2))
                end
                (i32.const 1)
              catch $tag
                LONG
              end)
            (func $leaf (global.set $n (i32.const 1)))
            (func $short (export "short") (param $n i32) (result i32)
              (i32.add
                (local.get $n)
                (if (result i32) (local.get $n)
                  (then (call $short (i32.sub (local.get $n) (i32.const 1))))
                  (else (i32.const 5))))
              LEAVES)
            (func (export "looping") (param $n i32) (result i32)
              (loop $again
                (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (i32.add (i32.const 4) (call $short (i32.const 0)))
              LEAVES)
            (func $caught (export "caught") (param $n i32) (result i32) (local $x i32)
              (if (i32.eqz (local.get $n)) (then (call $throws (i32.const 1))))
              (block $b
                (try_table (catch_all $b)
                  (drop (call $caught (i32.sub (local.get $n) (i32.const 1))))))
              (i32.const 0)
              LONG
              (throw $tag)))
          """
              .replace("LEAVES", "(call $leaf)".repeat(900))
              .replace("LONG", "(local.set $x (local.get $x))".repeat(3000)));

  private static final List<String> NAMES =
      List.of(
          "recurses", "many", "wide", "imported", "catches", "older", "short", "looping", "caught");

  @ParameterizedTest
  @MethodSource("subjects")
  void allTiersStopAtTheSameUnit(Subject subject) {
    Store store = subject.open().newStore();
    ((ExecStore) store).slice = 50;
    Instance instance = instantiate(store, RETURNS);
    for (String name : NAMES) {
      long all = Long.parseLong(expected(RETURNS, name, 1 << 20, 3).split(", ")[1]);
      for (long fuel = 0; fuel <= all; fuel += fuel < 80 ? 1 : 331) {
        String what = name + " with " + fuel;
        assertEquals(expected(RETURNS, name, fuel, 3), run(instance, store, name, fuel, 3), what);
      }
      assertEquals(expected(RETURNS, name, all, 3), run(instance, store, name, all, 3), name);
    }
  }

  @Test
  void shortCallsMakeMuchToFollow() {
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Instance instance = instantiate(store, RETURNS);
    for (String name : List.of("short", "looping")) {
      String compared = compared(((WasmFunction) instance.func(name)).code);
      assertEquals("y" + "n".repeat(900), compared, name);
    }
  }

  /** Without the comparisons each of the frames would take all that it can on the way back. */
  @ParameterizedTest
  @MethodSource("subjects")
  void littleIsConsumedOnTheWayBack(Subject subject) {
    int depth = 2_000;
    for (String name : List.of("recurses", "caught")) {
      Store store = subject.open().newStore();
      Instance instance = instantiate(store, RETURNS);
      run(instance, store, name, 1 << 20, 1);
      long way = 30L * depth;
      for (long fuel : new long[] {10L * depth, way, 3 * way}) {
        String[] outcome = run(instance, store, name, fuel, depth).split(", ");
        assertEquals(TrapKind.OUT_OF_FUEL.name(), outcome[0]);
        long beyond = Long.parseLong(outcome[1]) - fuel;
        // One of the function's straight ways, of 6000 units.
        assertTrue(beyond < 7_000, name + " with " + fuel + ": " + beyond);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FuelMode.class)
  void resultsStayWhatTheyAreInAllModes(FuelMode mode) {
    for (Tier tier : Tier.values()) {
      Engine engine = Engine.builder().tier(tier).background(false).fuelMode(mode).build();
      Store store = engine.newStore();
      ((ExecStore) store).due = true;
      Instance instance = instantiate(store, RETURNS);
      assertEquals(5 + 1 + 2 + 3, instance.func("recurses").call(3));
      assertEquals(11 + 3 + 7, instance.func("many").call(3));
      assertEquals(14, instance.func("wide").call(3));
      assertEquals(3, instance.func("catches").call(3));
      assertEquals(2, instance.func("older").call(3));
      assertEquals(11, instance.func("short").call(3));
      assertEquals(9, instance.func("looping").call(3));
    }
  }
}
