package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.exec.CanonicalNan.Shape;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * NaNs that Wasm leaves open are of the allowed class (spec 4.3.3): canonical where no operand is
 * another NaN, else quiet; and canonical whatever the operands are where the engine is
 * deterministic.
 */
class NanTest {
  private static final long[] F64 = {
    0,
    0x8000000000000000L,
    0x3FF0000000000000L,
    0xBFF0000000000000L,
    0x7FF0000000000000L,
    0xFFF0000000000000L,
    0x7FF8000000000000L,
    0xFFF8000000000000L,
    0x7FF8000000000001L,
    0x7FF0000000000001L,
    0xFFFFFFFFFFFFFFFFL
  };
  private static final int[] F32 = {
    0,
    0x80000000,
    0x3F800000,
    0xBF800000,
    0x7F800000,
    0xFF800000,
    0x7FC00000,
    0xFFC00000,
    0x7FC00001,
    0x7F800001,
    0xFFFFFFFF
  };

  static Stream<Opcode> scalars() {
    return Arrays.stream(Opcode.values())
        .filter(op -> CanonicalNan.of(op) == Shape.F32 || CanonicalNan.of(op) == Shape.F64);
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void openNansAreOfTheAllowedClass(Opcode op) {
    String params = op.signature().substring(0, op.signature().indexOf(':'));
    boolean wideIn = params.charAt(0) == 'd';
    boolean wideOut = CanonicalNan.of(op) == Shape.F64;
    String text = text(op, params.length(), wideIn, wideOut);
    for (Tier tier : Tier.values()) {
      for (boolean deterministic : List.of(false, true)) {
        Engine engine = Engine.builder().tier(tier).deterministic(deterministic).build();
        Store store = engine.newStore();
        Func func = new Linker().instantiate(store, Module.parse(text)).func("f");
        for (int a = 0; a < F64.length; a++) {
          for (int b = 0; b < (params.length() == 1 ? 1 : F64.length); b++) {
            long x = wideIn ? F64[a] : F32[a];
            long y = wideIn ? F64[b] : F32[b];
            long result = (long) (params.length() == 1 ? func.call(x) : func.call(x, y));
            boolean strict =
                deterministic || !other(x, wideIn) && (params.length() == 1 || !other(y, wideIn));
            assertTrue(
                allowed(result, wideOut, strict),
                () ->
                    "%s of %x and %x is %x on %s, deterministic %s"
                        .formatted(op, x, y, result, tier, deterministic));
          }
        }
      }
    }
  }

  /** A function on the bits, so that nothing but the instruction touches them. */
  private static String text(Opcode op, int params, boolean wideIn, boolean wideOut) {
    StringBuilder text = new StringBuilder("(module (func (export \"f\") (param");
    text.append(" i64".repeat(params)).append(") (result i64) ");
    for (int i = 0; i < params; i++) {
      text.append("local.get ").append(i).append(' ');
      text.append(wideIn ? "f64.reinterpret_i64 " : "i32.wrap_i64 f32.reinterpret_i32 ");
    }
    text.append(op.mnemonic()).append(' ');
    text.append(wideOut ? "i64.reinterpret_f64" : "i32.reinterpret_f32 i64.extend_i32_u");
    return text.append("))").toString();
  }

  private static boolean isNan(long bits, boolean wide) {
    return wide
        ? Double.isNaN(Double.longBitsToDouble(bits))
        : Float.isNaN(Float.intBitsToFloat((int) bits));
  }

  /** Whether bits are a NaN that is not canonical. */
  private static boolean other(long bits, boolean wide) {
    return isNan(bits, wide) && !allowed(bits, wide, true);
  }

  /** Whether bits are no NaN, or a canonical one, or, where that is enough, a quiet one. */
  private static boolean allowed(long bits, boolean wide, boolean canonical) {
    if (!isNan(bits, wide)) {
      return true;
    }
    long fraction = wide ? bits & 0xFFFFFFFFFFFFFL : bits & 0x7FFFFF;
    long quiet = wide ? 0x8000000000000L : 0x400000;
    return canonical ? fraction == quiet : (fraction & quiet) != 0;
  }
}
