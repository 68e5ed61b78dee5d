package dev.capsule.engine.interpreter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners of lowering: where an operand really is, and what a node may leave out. */
class LoweringTest {
  private static final Engine ENGINE = Engine.builder().tier(Tier.INTERPRETER).build();

  private final Store store = ENGINE.newStore();

  private Instance instance(String text) {
    return new Linker().instantiate(store, Module.parse(text));
  }

  private Object run(String function, Object... arguments) {
    return instance("(module (memory 1) (func (export \"f\") " + function + "))")
        .func("f")
        .call(arguments);
  }

  /** Time in proportion to the code: with that of its square, this would take ten minutes. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void countsAStackThatOnlyGrowsOnce() {
    String body = "(block (unreachable))" + "(i32.const 0)".repeat(900_000) + "unreachable";
    Trap trap = assertThrows(Trap.class, () -> run(body));
    assertEquals(TrapKind.UNREACHABLE, trap.kind());
  }

  @Test
  void keepsTheOldValueOfALocalThatIsSetWhileOnTheStack() {
    String body =
        """
        (param i32) (result i32)
        (local.get 0) (local.set 0 (i32.const 5)) (i32.sub (local.get 0))
        """;
    assertEquals(2, run(body, 7));
  }

  @Test
  void keepsTheOldValueAcrossABlockThatSetsTheLocal() {
    String body =
        """
        (param i32 i32) (result i32)
        local.get 0
        (if (local.get 1) (then (local.set 0 (i32.const 100))))
        local.get 0
        i32.sub
        """;
    assertEquals(0, run(body, 7, 0));
    assertEquals(-93, run(body, 7, 1));
  }

  @Test
  void teesAValueThatIsStillNeededOnTheStack() {
    String body =
        """
        (param i32) (result i32) (local $x i32)
        (i32.add (local.tee $x (i32.add (local.get 0) (i32.const 1)))
          (i32.mul (local.get $x) (local.tee $x (i32.const 10))))
        """;
    assertEquals(8 + 80, run(body, 7));
  }

  @Test
  void doesNotForwardABlocksResultPastItsLabel() {
    String body =
        """
        (param i32) (result i32) (local $x i32)
        (block $b (result i32)
          (br_if $b (i32.const 3) (local.get 0))
          drop
          (i32.add (local.get 0) (i32.const 20)))
        local.set $x
        local.get $x
        """;
    assertEquals(3, run(body, 1));
    assertEquals(20, run(body, 0));
  }

  @ParameterizedTest
  @CsvSource({"0, 30", "1, 31", "2, 1032", "9, 1039"})
  void carriesValuesToLabelsOfDifferentHeights(int index, int expected) {
    String body =
        """
        (param i32) (result i32)
        (i32.const 10)
        (block $b (result i32)
          (block $a (result i32)
            (i32.const 99)
            (i32.add (local.get 0) (i32.const 20))
            (br_table $b $b $a (local.get 0)))
          (i32.add (i32.const 1000)))
        i32.add
        """;
    assertEquals(expected, run(body, index));
  }

  @Test
  void passesParametersOfLoops() {
    String body =
        """
        (param i32) (result i32)
        (i32.const 0) (local.get 0)
        (loop $l (param i32 i32) (result i32)
          local.tee 0
          i32.add
          (i32.sub (local.get 0) (i32.const 1))
          (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0)))
          drop)
        """;
    assertEquals(10, run(body, 4));
  }

  @Test
  void comparesWithNanBothWays() {
    String body =
        """
        (param f64) (result i32)
        (if (result i32) (i32.eqz (f64.lt (local.get 0) (f64.const 1)))
          (then (i32.const 1)) (else (i32.const 2)))
        """;
    assertEquals(1, run(body, Double.NaN));
    assertEquals(2, run(body, 0.5));
    assertEquals(1, run(body, 1.5));
  }

  @Test
  void shiftsAConstantByALocal() {
    assertEquals(8, run("(param i32) (result i32) (i32.shl (i32.const 1) (local.get 0))", 3));
    assertEquals(-3, run("(param i32) (result i32) (i32.sub (i32.const 0) (local.get 0))", 3));
  }

  @Test
  void returnsManyValuesOverTheParameters() {
    String body =
        """
        (param i32 i64) (result i64 i32 f32 i32)
        (local.get 1) (local.get 0) (f32.const 1.5) (i32.const 4)
        """;
    assertArrayEquals(new Object[] {9L, 3, 1.5f, 4}, (Object[]) run(body, 3, 9L));
  }

  @Test
  void namesTheFailingInstructionOfAFusedNode() {
    // Two loads, one after the other, become one node.
    String text =
        """
        (module (memory 1)
          (func (export "f") (param i32 i32) (result i32)
            (i32.load (i32.load (local.get 0)))
            (i32.load offset=4 (local.get 1))
            i32.add))
        """;
    Instance instance = instance(text);
    assertEquals(0, instance.func("f").call(0, 0));
    long[] offsets = new long[2];
    long[] fuel = new long[2];
    for (int i = 0; i < 2; i++) {
      int bad = i;
      long before = store.fuelConsumed();
      Trap trap =
          assertThrows(
              Trap.class,
              () -> instance.func("f").call(bad == 0 ? 65536 : 0, bad == 1 ? 65536 : 0));
      assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
      assertEquals(1, trap.frames().size());
      offsets[i] = trap.frames().get(0).offset();
      fuel[i] = store.fuelConsumed() - before;
    }
    assertEquals(8, offsets[1] - offsets[0]);
    assertEquals(2, fuel[0]);
    assertEquals(5, fuel[1]);
  }

  @Test
  void tellsTheFramesOfATrapInnermostFirst() {
    Instance instance =
        instance(
            """
            (module
              (func $inner (unreachable))
              (func $middle (call $inner))
              (func (export "outer") (call $middle)))
            """);
    Trap trap = assertThrows(Trap.class, () -> instance.func("outer").call());
    assertEquals(List.of(0, 1, 2), trap.frames().stream().map(Trap.Frame::function).toList());
  }

  @Test
  void runsCodeForArraysOnAMemoryThatIsNone() {
    Store large = ENGINE.newStore(StoreLimits.DEFAULT.withMemoryBytes(5L << 30));
    Instance instance =
        new Linker()
            .instantiate(
                large,
                Module.parse(
                    """
                    (module (memory 1 65536)
                      (func $get (param i32) (result i32) (i32.load (local.get 0)))
                      (func (export "f") (param i32) (result i32)
                        (i32.store (local.get 0) (i32.const 42))
                        (call $get (local.get 0))))
                    """));
    assertEquals(42, instance.func("f").call(8));
    Trap trap = assertThrows(Trap.class, () -> instance.func("f").call(65533));
    assertEquals(TrapKind.OUT_OF_BOUNDS_MEMORY, trap.kind());
  }

  @Test
  void stopsAtTheLoopWhereFuelRunsOut() {
    Instance instance =
        instance(
            """
            (module (global (export "n") (mut i32) (i32.const 0))
              (func (export "f")
                (loop
                  (global.set 0 (i32.add (global.get 0) (i32.const 1)))
                  (br 0))))
            """);
    store.setFuel(52);
    Trap trap = assertThrows(Trap.class, () -> instance.func("f").call());
    assertEquals(TrapKind.OUT_OF_FUEL, trap.kind());
    // Five units a round; looked at when the loop begins again.
    assertEquals(11, instance.global("n").get());
    store.setFuel(1_000);
    assertThrows(Trap.class, () -> instance.func("f").call());
  }

  @Test
  void tailCallsInTurnDoNotDeepen() {
    Instance instance =
        instance(
            """
            (module
              (func $even (export "even") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
                (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
              (func $odd (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
                (return_call $even (i32.sub (local.get 0) (i32.const 1)))))
            """);
    assertEquals(1, instance.func("even").call(1_000_000));
  }
}
