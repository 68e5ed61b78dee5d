package dev.capsule.engine.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.V128;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NaNs of deterministic engines. The operands are NaNs with a sign and bits of their own. */
class CanonicalNanTest {
  private static final List<Engine> ENGINES =
      Stream.of(Tier.INTERPRETER, Tier.JIT)
          .map(tier -> Engine.builder().tier(tier).deterministic(true).build())
          .toList();
  private static final int F32 = 0x7FC00000;
  private static final long F64 = 0x7FF8000000000000L;

  private static Object run(String result, String body) {
    Object interpreted = run(ENGINES.get(0), result, body);
    assertEquals(interpreted, run(ENGINES.get(1), result, body), "tiers differ");
    return interpreted;
  }

  private static Object run(Engine engine, String result, String body) {
    Instance instance =
        new Linker()
            .instantiate(
                engine.newStore(),
                Module.parse(
                    "(module (func (export \"f\") (result "
                        + result
                        + ") (local f32 f64 v128)"
                        + " (local.set 0 (f32.const -nan:0x600001))"
                        + " (local.set 1 (f64.const -nan:0xC000000000001))"
                        + " (local.set 2 (v128.const i32x4 -1 1 -1 2)) "
                        + body
                        + "))"));
    return instance.func("f").call();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f32.add",
        "f32.sub",
        "f32.mul",
        "f32.div",
        "f32.min",
        "f32.max",
        "f32.sqrt",
        "f32.ceil",
        "f32.floor",
        "f32.trunc",
        "f32.nearest"
      })
  void f32(String op) {
    boolean unary = op.matches(".*(sqrt|ceil|floor|trunc|nearest)");
    String call = "(" + op + " (local.get 0)" + (unary ? ")" : " (local.get 0))");
    assertEquals(F32, run("i32", "(i32.reinterpret_f32 " + call + ")"));
    assertEquals(F32, run("i32", "(local.set 0 " + call + ") (i32.reinterpret_f32 (local.get 0))"));
    String wide = call.replace("f32.", "f64.").replace("local.get 0", "local.get 1");
    assertEquals(F64, run("i64", "(i64.reinterpret_f64 " + wide + ")"));
    String lanes = call.replace("f32.", "f32x4.").replace("local.get 0", "local.get 2");
    assertEquals(new V128(1L << 32 | F32, 2L << 32 | F32), run("v128", lanes(lanes)));
    String pair = lanes.replace("f32x4.", "f64x2.");
    assertEquals(
        new V128(F64, 0), run("v128", "(local.set 2 (v128.const i64x2 -1 0)) " + pair(pair)));
  }

  /** Makes the lanes whose operands are no NaN the same for all operations. */
  private static String lanes(String call) {
    return "(v128.bitselect " + call + " (v128.const i32x4 0 1 0 2) (v128.const i32x4 -1 0 -1 0))";
  }

  private static String pair(String call) {
    return "(v128.bitselect " + call + " (v128.const i64x2 0 0) (v128.const i64x2 -1 0))";
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32.neg", "f32.abs", "f32.copysign"})
  void operationsOnTheSignKeepTheBits(String op) {
    String call =
        op.endsWith("copysign")
            ? "(f32.copysign (local.get 0) (f32.const 1))"
            : "(" + op + " (local.get 0))";
    assertEquals(0x7FE00001, run("i32", "(i32.reinterpret_f32 " + call + ")"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"promote", "demote"})
  void conversions(String which) {
    if (which.equals("promote")) {
      assertEquals(F64, run("i64", "(i64.reinterpret_f64 (f64.promote_f32 (local.get 0)))"));
      assertEquals(
          new V128(F64, F64),
          run("v128", "(f64x2.promote_low_f32x4 (v128.const i32x4 -1 -1 0 0))"));
    } else {
      assertEquals(F32, run("i32", "(i32.reinterpret_f32 (f32.demote_f64 (local.get 1)))"));
      assertEquals(
          new V128((long) F32 << 32 | F32, 0),
          run("v128", "(f32x4.demote_f64x2_zero (v128.const i64x2 -1 -1))"));
    }
  }
}
