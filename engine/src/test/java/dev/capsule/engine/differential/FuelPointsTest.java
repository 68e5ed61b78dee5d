package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Entries of short functions compare no fuel, and nothing succeeds beyond its limit all the same:
 * every tier stops where the one stops that takes one instruction after the other.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuelPointsTest {
  private static final Subject REFERENCE = Subject.reference();

  static List<Subject> subjects() {
    return Stream.of(Tier.values()).map(Subject::of).toList();
  }

  private static final Module MODULE =
      Module.parse(
          """
          (module
            (import "host" "back" (func $back (param i32)))
            (type $add (func (param i32)))
            (table funcref (elem $leaf $chain $traps))
            (global $n (export "n") (mut i32) (i32.const 0))

            (func $leaf (export "leaf") (type $add)
              (global.set $n (i32.add (global.get $n) (local.get 0))))
            (func $traps (type $add)
              (global.set $n (i32.div_u (global.get $n) (local.get 0))))
            (func $middle (type $add)
              (global.set $n (i32.const 7))
              (call $leaf (local.get 0))
              (call $traps (local.get 0))
              (call $leaf (i32.const 2)))
            (func $chain (export "chain") (type $add) (return_call $leaf (local.get 0)))

            (func (export "loop") (param i32)
              (loop $again
                (call $leaf (i32.const 1))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "indirect") (param i32)
              (loop $again
                (call_indirect (type $add) (i32.const 1) (i32.rem_u (local.get 0) (i32.const 2)))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "reference") (param i32)
              (loop $again
                (call_ref $add (i32.const 1) (ref.func $leaf))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func $recursive (export "recursive") (param i32)
              (call $leaf (i32.const 1))
              (if (local.get 0)
                (then (call $recursive (i32.sub (local.get 0) (i32.const 1)))))
              (call $leaf (i32.const 2)))
            (func $turns (export "turns") (param i32)
              (call $leaf (i32.const 1))
              (if (local.get 0)
                (then (return_call $turns (i32.sub (local.get 0) (i32.const 1)))))
              (return_call $leaf (i32.const 3)))
            (func (export "straight") (param i32)
              (call $leaf (i32.const 1)) (call $leaf (i32.const 1)) (call $leaf (i32.const 1))
              (call $leaf (i32.const 1)) (call $leaf (i32.const 1)) (call $leaf (i32.const 1)))
            (func (export "dividing") (param i32)
              (call $leaf (i32.const 1)) (call $traps (i32.const 1)) (call $traps (i32.const 0)))
            (func (export "nested") (param i32)
              (call $middle (i32.const 3))
              (if (i32.gt_u (local.get 0) (i32.const 1)) (then (call $leaf (i32.const 1))))
              (call $middle (i32.sub (local.get 0) (i32.const 1)))
              (call $leaf (i32.const 1)))
            (func $down (export "down") (param i32)
              (call $leaf (i32.const 1))
              (call $down (i32.const 0))
              (call $leaf (i32.const 1)))
            (func $downMiddle (export "down to the middle") (param i32)
              (call $leaf (i32.const 1))
              (call $middle (i32.const 1))
              (call $downMiddle (i32.const 0))
              (call $leaf (i32.const 1)))
            (func (export "across") (param i32)
              (call $leaf (i32.const 1)) (call $back (local.get 0)) (call $leaf (i32.const 1))))
          """);

  private static final List<String> FUNCTIONS =
      List.of(
          "leaf",
          "chain",
          "loop",
          "indirect",
          "reference",
          "recursive",
          "turns",
          "straight",
          "dividing",
          "nested",
          "across");

  private static Instance instantiate(Store store, Module module) {
    Instance[] instance = new Instance[1];
    Linker linker = new Linker();
    linker.func("host", "back", IntConsumer.class, n -> instance[0].func("leaf").call(n));
    instance[0] = linker.instantiate(store, module);
    return instance[0];
  }

  /** How a call ends, the fuel that it takes, and what the guest has done. */
  private static String run(Store store, Instance instance, String function, int n, long fuel) {
    instance.global("n").set(0);
    store.setFuel(fuel);
    long before = store.fuelConsumed();
    String end;
    try {
      end = instance.func(function).call(n) == null ? "returned" : "returned a value";
    } catch (Trap trap) {
      end = trap.kind().name() + " " + trap.frames();
    }
    return end + ", " + (store.fuelConsumed() - before) + ", " + instance.global("n").get();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void allTiersStopAtTheSameUnit(Subject subject) {
    for (int slice : new int[] {1, 7, ExecStore.SLICE}) {
      Store expectedStore = REFERENCE.open().newStore();
      Store store = subject.open().newStore();
      ((ExecStore) store).slice = slice;
      Instance expected = instantiate(expectedStore, MODULE);
      Instance actual = instantiate(store, MODULE);
      for (String function : FUNCTIONS) {
        for (int n : new int[] {1, 5, 300}) {
          for (long fuel = 0; fuel < 120; fuel++) {
            long limit = fuel;
            assertEquals(
                kinds(run(expectedStore, expected, function, n, fuel)),
                kinds(run(store, actual, function, n, fuel)),
                () -> function + " " + n + " with " + limit);
          }
        }
      }
    }
  }

  /** The reference's traps have no frames. */
  private static String kinds(String outcome) {
    return outcome.replaceAll("\\[.*\\]", "");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void nothingSucceedsBeyondItsLimit(Subject subject) {
    Store store = subject.open().newStore();
    Instance instance = instantiate(store, MODULE);
    for (String function : List.of("leaf", "straight", "recursive", "turns", "loop", "across")) {
      String whole = run(store, instance, function, 3, 1_000_000);
      assertTrue(whole.startsWith("returned"), whole);
      long used = Long.parseLong(whole.split(", ")[1]);
      assertEquals(whole, run(store, instance, function, 3, used), function);
      for (long fuel = 0; fuel < used; fuel++) {
        String less = run(store, instance, function, 3, fuel);
        assertTrue(less.startsWith(TrapKind.OUT_OF_FUEL.name()), function + ": " + less);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void leavesRunOnUntilTheirCallerCompares(Subject subject) {
    Store store = subject.open().newStore();
    Instance instance = instantiate(store, MODULE);
    // All six calls are made, of six units each; none of them is where fuel is compared.
    assertEquals("OUT_OF_FUEL [], 36, 6", run(store, instance, "straight", 0, 0));
    assertEquals("returned, 36, 6", run(store, instance, "straight", 0, 36));
    // The loop's header is the place: one round is made, of eleven units.
    assertEquals("OUT_OF_FUEL , 11, 1", kinds(run(store, instance, "loop", 9, 1)));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void whatIsUsedUpStaysUsedUp(Subject subject) {
    Store store = subject.open().newStore();
    Instance instance = instantiate(store, MODULE);
    store.setFuel(0);
    for (int i = 0; i < 3; i++) {
      Trap trap = assertThrows(Trap.class, () -> instance.func("leaf").call(1));
      assertEquals(TrapKind.OUT_OF_FUEL, trap.kind());
    }
    assertEquals(0, store.fuel().orElseThrow());
    store.addFuel(16);
    instance.func("leaf").call(1);
    assertEquals(0, store.fuel().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void largeFunctionsCompareAtTheirCalls(Subject subject) {
    String calls = "call $leaf\n".repeat(140_000);
    Module large =
        Module.parse(
            """
            (module
              (global $n (export "n") (mut i32) (i32.const 0))
              (func $leaf (global.set $n (i32.add (global.get $n) (i32.const 1))))
              (func (export "large") (param i32)
            """
                + calls
                + "))");
    Store expectedStore = REFERENCE.open().newStore();
    Instance expected = new Linker().instantiate(expectedStore, large);
    Store store = subject.open().newStore();
    Instance actual = new Linker().instantiate(store, large);
    for (long fuel : new long[] {0, 1, 4, 5, 6, 1001, 140_000 * 5 - 1, 140_000 * 5}) {
      String outcome = run(store, actual, "large", 0, fuel);
      assertEquals(
          kinds(run(expectedStore, expected, "large", 0, fuel)), kinds(outcome), "fuel " + fuel);
      assertTrue(Long.parseLong(kinds(outcome).split(", ")[1]) <= fuel + 5, outcome);
    }
  }

  /** Lines of the JVM have 16 bits, and traps are found by lines. */
  @ParameterizedTest
  @MethodSource("subjects")
  void fuelIsExactInFunctionsOfMoreBytesThanLines(Subject subject) {
    String leaf = "(global.set $n (i32.add (global.get $n) (i32.const 1)))";
    String loop =
        "(loop $l (global.set $n (i32.const 5)) (call $leaf)"
            + " (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))";
    String calls = "(call $leaf)\n".repeat(20_000);
    same(subject, leaf, calls + loop + calls, 1_000, 100_000, 105_000, 220_000);
    String quotients = "(drop (i32.div_u (i32.const 8) (i32.const 3)))\n".repeat(70_000);
    String quotient = "(drop (i32.div_u (i32.const 8) (local.get 0)))\n";
    same(
        subject,
        leaf,
        quotients + quotient + "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
        1,
        500_000);
    same(subject, leaf, quotients + quotient + "(nop)", 0, 500_000);
    String references = "(drop (ref.as_non_null (ref.func $leaf)))\n".repeat(70_000);
    same(
        subject, "(unreachable)", references + "(nop) (call $leaf) (nop) (call $leaf)", 0, 500_000);
  }

  private static void same(Subject subject, String leaf, String body, int n, long... fuel) {
    Module module =
        Module.parse(
            "(module (global $n (export \"n\") (mut i32) (i32.const 0)) (elem declare func $leaf)"
                + "(func $leaf "
                + leaf
                + ") (func (export \"f\") (param i32) "
                + body
                + "))");
    Store expectedStore = REFERENCE.open().newStore();
    Store store = subject.open().newStore();
    Instance expected = new Linker().instantiate(expectedStore, module);
    Instance actual = new Linker().instantiate(store, module);
    for (long each : fuel) {
      assertEquals(
          kinds(run(expectedStore, expected, "f", n, each)),
          kinds(run(store, actual, "f", n, each)),
          "fuel " + each);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(call $f)",
        "(return_call $f)",
        "(call_indirect (i32.const 0))",
        "(return_call_indirect (i32.const 0))",
        "(call_ref $t (ref.func $f))",
        "(return_call_ref $t (ref.func $f))",
        "(loop)",
        "(throw $tag)",
        "(throw_ref (ref.null exn))",
        "(try_table)",
        "(drop (memory.grow (i32.const 1)))",
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
        "(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))",
        "(memory.init $data (i32.const 0) (i32.const 0) (i32.const 0))",
        "(drop (table.grow (ref.null func) (i32.const 1)))",
        "(table.fill (i32.const 0) (ref.null func) (i32.const 0))",
        "(table.copy (i32.const 0) (i32.const 0) (i32.const 0))",
        "(table.init $elem (i32.const 0) (i32.const 0) (i32.const 0))",
        "(drop (struct.new_default $s))",
        "(drop (array.new_default $a (i32.const 1)))",
        "(drop (array.new_fixed $a 0))",
      })
  void whatMayTakeLongIsNotShort(String instruction) {
    assertEquals(true, compares(instruction), instruction);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; false",
        "(global.set $n (i32.div_u (i32.const 1) (i32.load (i32.const 0)))); false",
        "(block (br_table 0 (i32.const 1))); false",
        "(if (global.get $n) (then (unreachable))); false",
        "(drop (struct.get $s 0 (ref.null $s))); false",
        "(drop (table.get (i32.const 0))); false",
      })
  void whatCannotTakeLongIsShort(String instructions, boolean compares) {
    assertEquals(compares, compares(instructions == null ? "" : instructions), instructions);
  }

  /** What callers have not charged before a short call is settled where that traps, too. */
  @ParameterizedTest
  @MethodSource("subjects")
  void fuelIsExactWhereCallsAreNestedTooDeeply(Subject subject) {
    for (int depth = 1; depth < 12; depth++) {
      StoreLimits limits = StoreLimits.DEFAULT.withCallDepth(depth);
      for (String function : List.of("down", "down to the middle", "nested", "straight")) {
        Store expectedStore = REFERENCE.open().newStore(limits);
        Store store = subject.open().newStore(limits);
        Instance expected = instantiate(expectedStore, MODULE);
        Instance actual = instantiate(store, MODULE);
        // Once more when what is called often has been compiled.
        for (int i = 0; i < 3; i++) {
          assertEquals(
              kinds(run(expectedStore, expected, function, 2, 1_000)),
              kinds(run(store, actual, function, 2, 1_000)),
              function + " at depth " + depth);
        }
      }
    }
  }

  /** Some of the functions are compiled, so calls and traps go through both tiers. */
  @ParameterizedTest
  @ValueSource(strings = {"dividing", "nested", "down", "down to the middle"})
  void fuelIsExactWhereSomeAreCompiled(String function) {
    StoreLimits limits = StoreLimits.DEFAULT.withCallDepth(40);
    Store expectedStore = REFERENCE.open().newStore(limits);
    Instance expected = instantiate(expectedStore, MODULE);
    String outcome = kinds(run(expectedStore, expected, function, 1, 10_000));
    for (int other = 1; other < MODULE.funcCount(); other++) {
      Engine engine = Engine.builder().tier(Tier.TIERED).background(false).build();
      Store store = engine.newStore(limits);
      Instance actual = instantiate(store, MODULE);
      FunctionCode caller = ((WasmFunction) actual.func(function)).code;
      caller.heat = WARM;
      caller.module.functions[other].heat = WARM;
      for (int i = 0; i < 3; i++) {
        assertEquals(outcome, kinds(run(store, actual, function, 1, 10_000)), "with " + other);
      }
      assertNotNull(caller.compiled);
    }
  }

  /** At this heat the next call makes a function worth compiling. */
  private static final int WARM = 0xFFFF;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(call $leaf); false",
        "(call $leaf) (call $leaf) (call $two) (call $leaf); false",
        "(call $imported); true",
        "(call $f); true",
        "(call $other); true",
        "(call $two); false",
        "(call $three); false",
        "(call $four); true",
        "(call $hundred) (call $hundred); false",
        "(call $hundred) (call $hundred) (call $hundred); true",
        "(call $hundred) (call $loops); true",
      })
  void shortFunctionsCallShortOnes(String calls, boolean compares) {
    Module module =
        Module.parse(
            """
            (module
              (import "host" "back" (func $imported (param i32)))
              (func $leaf)
              (func $two (call $leaf))
              (func $three (call $two))
              (func $four (call $three))
              (func $loops (loop))
              (func $hundred
            """
                + "(nop)".repeat(99)
                + """
                    )
                  (func $other (call $f (i32.const 0)))
                  (func $f (export "f") (param i32)
                """
                + calls
                    .replace("(call $imported)", "(call $imported (i32.const 0))")
                    .replace("(call $f)", "(call $f (i32.const 0))")
                + "))");
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Instance instance =
        new Linker().func("host", "back", IntConsumer.class, n -> {}).instantiate(store, module);
    assertEquals(compares, ((WasmFunction) instance.func("f")).code.comparesAtEntry());
  }

  @Test
  void shortFunctionsAreSmall() {
    // The end takes one byte.
    assertEquals(false, compares("(nop)".repeat(255)));
    assertEquals(true, compares("(nop)".repeat(256)));
    assertEquals(false, compares("(local" + " i64".repeat(64) + ")"));
    assertEquals(true, compares("(local" + " i64".repeat(65) + ")"));
  }

  private static boolean compares(String body) {
    Module module =
        Module.parse(
            """
            (module
              (type $t (func)) (type $s (struct (field i32))) (type $a (array i32))
              (memory 1) (table 1 funcref) (tag $tag) (elem declare func $f)
              (data $data "") (elem $elem func)
              (global $n (mut i32) (i32.const 0))
              (func $f (export "f")
            """
                + body
                + "))");
    Store store = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    WasmFunction function = (WasmFunction) new Linker().instantiate(store, module).func("f");
    return function.code.comparesAtEntry();
  }

  @ParameterizedTest
  @EnumSource(
      value = FuelMode.class,
      names = {"EPOCH", "OFF"})
  void nothingIsComparedWhereNothingIsCounted(FuelMode mode) {
    for (Tier tier : Tier.values()) {
      Engine engine = Engine.builder().tier(tier).background(false).fuelMode(mode).build();
      Store store = engine.newStore();
      Instance instance = instantiate(store, MODULE);
      ((ExecStore) store).fuel = -1;
      instance.func("leaf").call(1);
      assertNotEquals(0, instance.global("n").get());
    }
  }
}
