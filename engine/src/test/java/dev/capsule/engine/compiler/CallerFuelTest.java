package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Callers charge for the first and last steps of short functions; whichever way a function is
 * reached and left, what has been consumed is the same as in the interpreter.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerFuelTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (import "host" "back" (func $back (param i32) (result i32)))
            (type $unary (func (param i32) (result i32)))
            (tag $stop (param i32))
            (table funcref (elem $leaf $outer $branches $divides))

            (func $both (param i32) (result i32 i32) (local i32)
              (local.set 1 (i32.mul (local.get 0) (i32.const 3)))
              (if (i32.gt_s (local.get 0) (i32.const 6))
                (then
                  (loop $more
                    (local.set 1 (i32.add (local.get 1) (i32.const 5)))
                    (br_if $more (i32.ne (local.get 1) (i32.const 100020))))
                  (return (local.get 0) (local.get 1))))
              (i32.add (local.get 1) (i32.const 1))
              (i32.xor (local.get 0) (i32.const 2)))
            (func $two (export "two") (type $unary)
              (call $both (i32.mul (local.get 0) (i32.const 5)))
              (i32.sub))
            (func $deep (export "deep") (type $unary)
              (if (i32.eqz (local.get 0)) (then (return (i32.const 3))))
              (i32.add
                (call $deep (i32.add (local.get 0) (i32.const -1)))
                (i32.mul (local.get 0) (i32.const 3))))
            (func $leaf (export "leaf") (type $unary)
              (i32.add (local.get 0) (i32.const 1)))
            (func $outer (export "outer") (type $unary)
              (i32.mul
                (call $leaf
                  (i32.add (i32.add (local.get 0) (i32.const 1)) (i32.const 1000000000)))
                (i32.const 1000000007)))
            (func $twice (export "twice") (type $unary)
              (call $outer (i32.sub (call $outer (local.get 0)) (i32.const 7))))
            (func $long (export "long") (type $unary)
              (loop)
              (i32.add (local.get 0) (i32.const 1)))
            (func $around (export "around") (type $unary)
              (i32.mul
                (call $long
                  (i32.add
                    (i32.add (i32.add (local.get 0) (i32.const 1)) (i32.const 1000000000))
                    (i32.const 1000000000)))
                (i32.const 1000000007)))
            (func $aroundTwice (export "around twice") (type $unary)
              (call $around (i32.sub (call $around (local.get 0)) (i32.const 7))))
            (func $branches (export "branches") (type $unary)
              (if (i32.and (local.get 0) (i32.const 1))
                (then (return (call $leaf (call $leaf (local.get 0))))))
              (if (i32.and (local.get 0) (i32.const 2))
                (then (return (i32.const 9))))
              (i32.add (local.get 0) (i32.add (i32.const 1) (i32.const 2))))
            (func $divides (export "divides") (type $unary)
              (i32.add
                (i32.div_u (i32.const 100) (local.get 0))
                (call $leaf (i32.div_u (i32.const 9) (i32.sub (local.get 0) (i32.const 3))))))
            (func $recursive (export "recursive") (type $unary)
              (if (result i32) (local.get 0)
                (then
                  (i32.add
                    (call $recursive (i32.sub (local.get 0) (i32.const 1)))
                    (call $branches (local.get 0))))
                (else (i32.const 2))))
            (func $loops (export "loops") (type $unary) (local $sum i32)
              (loop $again
                (local.set $sum (i32.add (local.get $sum) (call $outer (local.get 0))))
                (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
              (call $outer (local.get $sum)))
            (func (export "indirect") (type $unary)
              (i32.add
                (call_indirect (type $unary) (local.get 0) (i32.and (local.get 0) (i32.const 3)))
                (i32.const 1)))
            (func (export "reference") (type $unary)
              (i32.sub (call_ref $unary (local.get 0) (ref.func $outer)) (i32.const 1)))
            (func (export "tail") (type $unary)
              (return_call $outer (call $divides (local.get 0))))
            (func $throws (type $unary)
              (if (i32.eqz (local.get 0)) (then (throw $stop (i32.const 11))))
              (i32.add (call $throws (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
            (func (export "catches") (type $unary)
              (i32.add
                (block $caught (result i32)
                  (try_table (result i32) (catch $stop $caught) (call $throws (local.get 0))))
                (call $outer (local.get 0))))
            (func $across (export "across") (type $unary)
              (i32.sub (call $outer (call $back (local.get 0))) (i32.const 5)))
            (func (export "imports") (type $unary)
              (i32.add (call $across (local.get 0)) (call $back (i32.const 4)))))
          """);

  private static final List<String> FUNCTIONS =
      List.of(
          "leaf",
          "outer",
          "twice",
          "long",
          "around",
          "around twice",
          "branches",
          "divides",
          "recursive",
          "loops",
          "indirect",
          "reference",
          "tail",
          "catches",
          "across",
          "imports",
          "two",
          "deep");

  private static Instance instantiate(Store store) {
    Linker linker = new Linker();
    Instance[] instance = new Instance[1];
    linker.func(
        "host", "back", IntUnaryOperator.class, n -> (int) instance[0].func("outer").call(n));
    instance[0] = linker.instantiate(store, MODULE);
    return instance[0];
  }

  private static String run(Store store, Instance instance, String function, int n, long fuel) {
    store.setFuel(fuel);
    long before = store.fuelConsumed();
    String end;
    try {
      end = instance.func(function).call(n).toString();
    } catch (Trap trap) {
      // The JVM's own traces end at some depth.
      end = trap.kind() + " " + trap.frames().stream().limit(20).map(Trap.Frame::name).toList();
    }
    return end + ", " + (store.fuelConsumed() - before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, ExecStore.SLICE})
  void everyEndTakesWhatTheInterpreterTakes(int slice) {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Store compiled = Engine.builder().tier(Tier.JIT).build().newStore();
    ((ExecStore) compiled).slice = slice;
    Instance expected = instantiate(interpreted);
    Instance actual = instantiate(compiled);
    for (String function : FUNCTIONS) {
      for (int n : new int[] {0, 1, 2, 3, 4, 6, 7, 250, 1000}) {
        for (long fuel = 0; fuel < 90; fuel++) {
          compare(interpreted, expected, compiled, actual, function, n, fuel);
        }
        compare(interpreted, expected, compiled, actual, function, n, 1000);
        compare(interpreted, expected, compiled, actual, function, n, 1_000_000);
      }
    }
    // Deeper than Java frames nest, and than calls may.
    for (int n : new int[] {29_990, 40_000}) {
      compare(interpreted, expected, compiled, actual, "deep", n, 10_000_000);
    }
  }

  /** Functions are compiled one after the other, callers before callees and the other way round. */
  @Test
  void callersAndCalleesMayBeCompiledInAnyOrder() {
    Store interpreted = Engine.builder().tier(Tier.INTERPRETER).build().newStore();
    Instance expected = instantiate(interpreted);
    for (boolean forward : new boolean[] {true, false}) {
      Store tiered = Engine.builder().tier(Tier.TIERED).background(false).build().newStore();
      Instance actual = instantiate(tiered);
      List<String> order = new ArrayList<>(FUNCTIONS);
      if (!forward) {
        Collections.reverse(order);
      }
      for (String next : order) {
        FunctionCode code = ((WasmFunction) actual.func(next)).code;
        code.module.tier.warm(code);
        assertTrue(code.compiled != null, next);
        for (String function : FUNCTIONS) {
          for (int n : new int[] {0, 3, 6, 250}) {
            for (long fuel : new long[] {0, 1, 9, 20, 40, 1_000_000}) {
              compare(interpreted, expected, tiered, actual, function, n, fuel);
            }
          }
        }
      }
    }
  }

  private static void compare(
      Store expectedStore,
      Instance expected,
      Store store,
      Instance actual,
      String function,
      int n,
      long fuel) {
    assertEquals(
        run(expectedStore, expected, function, n, fuel),
        run(store, actual, function, n, fuel),
        () -> function + " " + n + " with " + fuel);
  }

  private static FunctionCode code(String function) {
    return code(FuelMode.EXACT, MODULE, function);
  }

  private static FunctionCode code(FuelMode mode, Module module, String function) {
    Store store = Engine.builder().tier(Tier.INTERPRETER).fuelMode(mode).build().newStore();
    Linker linker = new Linker();
    linker.func("host", "back", IntUnaryOperator.class, n -> n);
    return ((WasmFunction) linker.instantiate(store, module).func(function)).code;
  }

  @ParameterizedTest
  @CsvSource({
    // get, const, add.
    "leaf, 3, 0",
    // get, const, add.
    "long, 3, 0",
    // get, const, add, const, add, const, add, call, and the callee's; const, mul.
    "around, 11, 2",
    // The same around a short function, where fuel need not be exact.
    "outer, 11, 0",
    // What begins a tail-calling function is its own.
    "tail, 0, 0",
  })
  void callersPayForTheBeginningAndTheEnd(String function, long before, long after) {
    assertEquals(new CallerFuel(before, after), CallerFuel.of(code(function)));
  }

  @Test
  void straightFunctionsChargeOnlyBetweenTheirCalls() {
    assertEquals(List.of(), charges("leaf"));
    assertEquals(List.of(), charges("around"));
    // What its callers charge does not depend on what longer functions want of it.
    assertEquals(new CallerFuel(2, 0), CallerFuel.of(code("around twice")));
    // Between the calls: what one leaves, two instructions, the call, and what the other wants.
    assertEquals(List.of(11L, 2L + 2 + 1 + 11, 2L), charges("around twice"));
  }

  @Test
  void callsOfShortFunctionsAreChargedWithWhatIsAroundThem() {
    assertEquals(List.of(), charges("outer"));
    // Two instructions before the second call, and the calls.
    assertEquals(new CallerFuel(5, 0), CallerFuel.of(code("twice")));
    assertEquals(List.of(2L * 11), charges("twice"));
  }

  private static List<Long> charges(String function) {
    FunctionIr ir = IrBuilder.build(code(function));
    FuelPlan.apply(ir);
    List<Long> charges = new ArrayList<>();
    for (Block block : ir.blocks) {
      for (Ins ins : block.code) {
        if (ins.kind == Ins.Kind.CHARGE) {
          charges.add(ins.x);
        }
      }
      assertEquals(null, block.edgeCharge);
    }
    return charges;
  }

  @Test
  void theLargeChargeForThemselves() {
    Module module =
        Module.parse(
            "(module (func (export \"short\") "
                + "(drop (i32.const 1))".repeat(100)
                + ") (func (export \"long\") "
                + "(drop (i32.const 1))".repeat(200)
                + "))");
    assertEquals(new CallerFuel(100, 0), CallerFuel.of(code(FuelMode.EXACT, module, "short")));
    assertEquals(CallerFuel.NONE, CallerFuel.of(code(FuelMode.EXACT, module, "long")));
    assertEquals(CallerFuel.NONE, CallerFuel.of(code(FuelMode.OFF, module, "short")));
  }

  /** Few bytes that make many blocks, or take long to look at, would be made for each caller. */
  @Test
  void whatTakesLongToReadIsLookedAtOnce() {
    Module module =
        Module.parse(
            "(module (type $many (func (result "
                + "i32 ".repeat(65)
                + "))) (func $many (type $many) unreachable)"
                + " (func (export \"operands\") (call $many) "
                + "(drop) ".repeat(65)
                + ") (func (export \"parameters\") (param "
                + "i32 ".repeat(65)
                + ")) (func (export \"locals\") (local "
                + "i32 ".repeat(65)
                + ")))");
    for (String function : List.of("operands", "parameters", "locals")) {
      FunctionCode code = code(FuelMode.EXACT, module, function);
      assertSame(CallerFuel.NONE, CallerFuel.of(code));
      assertSame(CallerFuel.NONE, code.callerFuel);
    }
  }

  @Test
  void callsAreNoPartOfTheStepsThatNameNoFunction() {
    FunctionIr ir = IrBuilder.build(code("indirect"));
    for (Block block : ir.blocks) {
      for (Ins ins : block.code) {
        if (ins.opcode == Opcode.CALL_INDIRECT) {
          assertEquals(CallerFuel.NONE, CallerFuel.ofCall(ir, ins));
          return;
        }
      }
    }
    throw new AssertionError("no indirect call");
  }
}
