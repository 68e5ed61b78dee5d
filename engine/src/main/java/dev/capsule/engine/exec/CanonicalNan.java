package dev.capsule.engine.exec;

import dev.capsule.engine.module.Opcode;

/**
 * Makes NaNs canonical where Wasm leaves their bits open (spec 4.3.3, NaN propagation). In an
 * engine that is deterministic every tier applies {@link #of}'s answer to the result of an
 * instruction; otherwise the machine decides, which differs between processors and tiers.
 */
public final class CanonicalNan {
  private static final int F32 = 0x7FC00000;
  private static final long F64 = 0x7FF8000000000000L;

  private CanonicalNan() {}

  /** The shape of a result whose NaNs are open. */
  public enum Shape {
    /** No NaN, or one with defined bits: nothing to do. */
    NONE,
    F32,
    F64,
    F32X4,
    F64X2
  }

  /** What has to be done to the result of an instruction. */
  public static Shape of(Opcode opcode) {
    return switch (opcode) {
      case F32_ADD,
          F32_SUB,
          F32_MUL,
          F32_DIV,
          F32_MIN,
          F32_MAX,
          F32_SQRT,
          F32_CEIL,
          F32_FLOOR,
          F32_TRUNC,
          F32_NEAREST,
          F32_DEMOTE_F64 ->
          Shape.F32;
      case F64_ADD,
          F64_SUB,
          F64_MUL,
          F64_DIV,
          F64_MIN,
          F64_MAX,
          F64_SQRT,
          F64_CEIL,
          F64_FLOOR,
          F64_TRUNC,
          F64_NEAREST,
          F64_PROMOTE_F32 ->
          Shape.F64;
      case F32X4_ADD,
          F32X4_SUB,
          F32X4_MUL,
          F32X4_DIV,
          F32X4_MIN,
          F32X4_MAX,
          F32X4_SQRT,
          F32X4_CEIL,
          F32X4_FLOOR,
          F32X4_TRUNC,
          F32X4_NEAREST,
          F32X4_DEMOTE_F64X2_ZERO,
          F32X4_RELAXED_MADD,
          F32X4_RELAXED_NMADD,
          F32X4_RELAXED_MIN,
          F32X4_RELAXED_MAX ->
          Shape.F32X4;
      case F64X2_ADD,
          F64X2_SUB,
          F64X2_MUL,
          F64X2_DIV,
          F64X2_MIN,
          F64X2_MAX,
          F64X2_SQRT,
          F64X2_CEIL,
          F64X2_FLOOR,
          F64X2_TRUNC,
          F64X2_NEAREST,
          F64X2_PROMOTE_LOW_F32X4,
          F64X2_RELAXED_MADD,
          F64X2_RELAXED_NMADD,
          F64X2_RELAXED_MIN,
          F64X2_RELAXED_MAX ->
          Shape.F64X2;
      default -> Shape.NONE;
    };
  }

  public static float f32(float value) {
    return Float.isNaN(value) ? Float.intBitsToFloat(F32) : value;
  }

  /** On the bits, as they lie in a slot. */
  public static int f32(int bits) {
    return (bits & 0x7FFFFFFF) > 0x7F800000 ? F32 : bits;
  }

  public static double f64(double value) {
    return Double.isNaN(value) ? Double.longBitsToDouble(F64) : value;
  }

  /** On the bits, as they lie in a slot. */
  public static long f64(long bits) {
    return (bits & Long.MAX_VALUE) > 0x7FF0000000000000L ? F64 : bits;
  }

  /** One half of an f32x4. */
  public static long f32x4(long half) {
    return f32((int) half) & 0xFFFFFFFFL | (long) f32((int) (half >> 32)) << 32;
  }

  /** One half of an f64x2. */
  public static long f64x2(long half) {
    return f64(half);
  }
}
