package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A trap of one store that passes through a host function and the code of another: each tells of
 * its own frames and settles its own fuel.
 */
class PassingTrapsTest {
  /** Calls at the places where the other module traps. */
  private static final Module OUTER =
      Module.parse(
          """
          (module
            (import "host" "call" (func $host (param i32) (result i32)))
            (func $short (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func $middle (param i32) (result i32)
              (i32.add
                (call $short (local.get 0))
                (call $host (local.get 0))))
            (func $top (export "top") (param i32) (result i32)
              (i32.mul (call $middle (i32.add (local.get 0) (i32.const -1))) (i32.const 3)))
            (func (export "divides") (param i32) (result i32)
              (i32.div_u (local.get 0) (i32.sub (local.get 0) (local.get 0)))))
          """);

  private static final Module INNER =
      Module.parse(
          """
          (module
            (import "host" "call" (func $host (param i32) (result i32)))
            (memory 1)
            (func $loads (param i32) (result i32) (i32.load (local.get 0)))
            (func $access (export "access") (param i32) (result i32)
              (i32.load (local.get 0)))
            (func (export "back") (param i32) (result i32)
              (i32.add (i32.const 5) (call $host (i32.add (local.get 0) (i32.const 7)))))
            (func)
            (func)
            (func (export "calls") (param i32) (result i32)
              (i32.add (i32.const 1) (call $loads (i32.sub (local.get 0) (i32.const 1)))))
            (func (export "unreachable") (param i32) (result i32)
              (if (local.get 0) (then (unreachable)))
              (i32.const 0)))
          """);

  private Store outer;
  private Store inner;
  private Instance outerInstance;
  private Instance innerInstance;
  private IntUnaryOperator host;

  private void stores(Engine of, Engine in) {
    outer = of.newStore();
    inner = in.newStore();
    Linker linker = new Linker();
    linker.func("host", "call", IntUnaryOperator.class, n -> host.applyAsInt(n));
    outerInstance = linker.instantiate(outer, OUTER);
    Linker back = new Linker();
    back.func(
        "host", "call", IntUnaryOperator.class, n -> (int) outerInstance.func("divides").call(n));
    innerInstance = back.instantiate(inner, INNER);
  }

  /** The frames of the trap that ends a call, and what both stores have consumed. */
  private String run() {
    Func top = outerInstance.func("top");
    Trap trap = assertThrows(Trap.class, () -> top.call(-1));
    return trap.kind()
        + " "
        + trap.frames()
        + ", "
        + outer.fuelConsumed()
        + " and "
        + inner.fuelConsumed();
  }

  private static Engine engine(Tier tier) {
    return Engine.builder().tier(tier).background(false).build();
  }

  private void compare(IntUnaryOperator calls, Tier of, Tier in, boolean oneEngine) {
    host = calls;
    Engine interpreter = engine(Tier.INTERPRETER);
    stores(interpreter, interpreter);
    String expected = run();
    Engine engine = engine(of);
    stores(engine, oneEngine ? engine : engine(in));
    assertEquals(expected, run(), "first");
    long before = outer.fuelConsumed();
    long innerBefore = inner.fuelConsumed();
    run();
    assertEquals(2 * before, outer.fuelConsumed(), "second");
    assertEquals(2 * innerBefore, inner.fuelConsumed(), "second");
  }

  private int call(String function, int n) {
    return (int) innerInstance.func(function).call(n);
  }

  @ParameterizedTest
  @CsvSource({
    "access, JIT, JIT, true",
    "access, JIT, JIT, false",
    "access, JIT, INTERPRETER, false",
    "access, INTERPRETER, JIT, false",
    "calls, JIT, JIT, true",
    "calls, JIT, JIT, false",
    "unreachable, JIT, JIT, true",
    "unreachable, JIT, JIT, false",
    "back, JIT, JIT, true",
    "back, JIT, JIT, false",
    "back, JIT, INTERPRETER, false",
    "back, INTERPRETER, JIT, false",
  })
  void eachStoreReadsItsOwnFrames(String function, Tier of, Tier in, boolean oneEngine) {
    IntUnaryOperator calls = n -> call(function, n);
    compare(calls, of, in, oneEngine);
  }

  /** A host function may call, and catch, while a trap is on its way through it. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void otherTrapsInBetweenChangeNothing(boolean oneEngine) {
    IntUnaryOperator calls =
        n -> {
          try {
            return call("calls", n);
          } finally {
            assertThrows(Trap.class, () -> call("access", n));
            assertThrows(Trap.class, () -> outerInstance.func("divides").call(n));
          }
        };
    compare(calls, Tier.JIT, Tier.JIT, oneEngine);
  }

  /** A trap tells of where it has been raised, not of where a host throws it once more. */
  @Test
  void whatHasBeenKeptIsOfOtherEngines() {
    stores(engine(Tier.JIT), engine(Tier.JIT));
    Trap[] kept = new Trap[1];
    host =
        n -> {
          kept[0] = assertThrows(Trap.class, () -> call("calls", n));
          return n;
        };
    outerInstance.func("top").call(-1);
    List<Trap.Frame> frames = kept[0].frames();
    Store third = engine(Tier.JIT).newStore();
    Linker linker = new Linker();
    linker.func(
        "host",
        "call",
        IntUnaryOperator.class,
        n -> {
          throw kept[0];
        });
    Instance instance = linker.instantiate(third, INNER);
    assertSame(kept[0], assertThrows(Trap.class, () -> instance.func("back").call(1)));
    assertEquals(frames, kept[0].frames());
    assertEquals(5, third.fuelConsumed());
  }
}
