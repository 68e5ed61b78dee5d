package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/**
 * Numeric instructions that Java has no operator for, or whose operator means something else (spec
 * 4.3). Methods are named after their instruction. Where an operand is NaN the result is a quiet
 * NaN.
 */
public final class Numeric {
  private static final double TWO_63 = 0x1p63;
  private static final double TWO_64 = 0x1p64;

  private Numeric() {}

  public static int i32DivS(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    if (a == Integer.MIN_VALUE && b == -1) {
      throw overflow();
    }
    return a / b;
  }

  public static int i32DivU(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Integer.divideUnsigned(a, b);
  }

  public static int i32RemS(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return a % b;
  }

  public static int i32RemU(int a, int b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Integer.remainderUnsigned(a, b);
  }

  public static long i64DivS(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    if (a == Long.MIN_VALUE && b == -1) {
      throw overflow();
    }
    return a / b;
  }

  public static long i64DivU(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Long.divideUnsigned(a, b);
  }

  public static long i64RemS(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return a % b;
  }

  public static long i64RemU(long a, long b) {
    if (b == 0) {
      throw divideByZero();
    }
    return Long.remainderUnsigned(a, b);
  }

  public static float f32Abs(float a) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(a) & Integer.MAX_VALUE);
  }

  public static float f32Neg(float a) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(a) ^ Integer.MIN_VALUE);
  }

  public static float f32Copysign(float a, float b) {
    int sign = Float.floatToRawIntBits(b) & Integer.MIN_VALUE;
    return Float.intBitsToFloat(Float.floatToRawIntBits(a) & Integer.MAX_VALUE | sign);
  }

  public static float f32Ceil(float a) {
    return (float) f64Ceil(a);
  }

  public static float f32Floor(float a) {
    return (float) f64Floor(a);
  }

  public static float f32Trunc(float a) {
    return (float) f64Trunc(a);
  }

  public static float f32Nearest(float a) {
    return (float) f64Nearest(a);
  }

  public static float f32Sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  /** Not {@code Math.min} alone: that may hand a signalling NaN through. */
  public static float f32Min(float a, float b) {
    return Float.isNaN(a) || Float.isNaN(b) ? a + b : Math.min(a, b);
  }

  public static float f32Max(float a, float b) {
    return Float.isNaN(a) || Float.isNaN(b) ? a + b : Math.max(a, b);
  }

  public static double f64Abs(double a) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(a) & Long.MAX_VALUE);
  }

  public static double f64Neg(double a) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(a) ^ Long.MIN_VALUE);
  }

  public static double f64Copysign(double a, double b) {
    long sign = Double.doubleToRawLongBits(b) & Long.MIN_VALUE;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(a) & Long.MAX_VALUE | sign);
  }

  public static double f64Ceil(double a) {
    return Double.isNaN(a) ? a + a : Math.ceil(a);
  }

  public static double f64Floor(double a) {
    return Double.isNaN(a) ? a + a : Math.floor(a);
  }

  public static double f64Trunc(double a) {
    return Double.isNaN(a) ? a + a : a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  public static double f64Nearest(double a) {
    return Double.isNaN(a) ? a + a : Math.rint(a);
  }

  public static double f64Min(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? a + b : Math.min(a, b);
  }

  public static double f64Max(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? a + b : Math.max(a, b);
  }

  public static int i32TruncF32S(float a) {
    return i32TruncF64S(a);
  }

  public static int i32TruncF32U(float a) {
    return i32TruncF64U(a);
  }

  public static int i32TruncF64S(double a) {
    if (!(a > -2147483649.0 && a < 2147483648.0)) {
      throw unconvertible(a);
    }
    return (int) a;
  }

  public static int i32TruncF64U(double a) {
    if (!(a > -1.0 && a < 4294967296.0)) {
      throw unconvertible(a);
    }
    return (int) (long) a;
  }

  public static long i64TruncF32S(float a) {
    return i64TruncF64S(a);
  }

  public static long i64TruncF32U(float a) {
    return i64TruncF64U(a);
  }

  public static long i64TruncF64S(double a) {
    if (!(a >= -TWO_63 && a < TWO_63)) {
      throw unconvertible(a);
    }
    return (long) a;
  }

  public static long i64TruncF64U(double a) {
    if (!(a > -1.0 && a < TWO_64)) {
      throw unconvertible(a);
    }
    return unsigned(a);
  }

  public static int i32TruncSatF32S(float a) {
    return (int) a;
  }

  public static int i32TruncSatF32U(float a) {
    return i32TruncSatF64U(a);
  }

  public static int i32TruncSatF64S(double a) {
    return (int) a;
  }

  public static int i32TruncSatF64U(double a) {
    // The cast saturates and makes NaN 0; only the range differs.
    return (int) Math.max(0, Math.min(0xFFFFFFFFL, (long) a));
  }

  public static long i64TruncSatF32S(float a) {
    return (long) a;
  }

  public static long i64TruncSatF32U(float a) {
    return i64TruncSatF64U(a);
  }

  public static long i64TruncSatF64S(double a) {
    return (long) a;
  }

  public static long i64TruncSatF64U(double a) {
    if (!(a > 0)) {
      return 0;
    }
    return a >= TWO_64 ? -1L : unsigned(a);
  }

  private static long unsigned(double a) {
    return a < TWO_63 ? (long) a : (long) (a - TWO_63) ^ Long.MIN_VALUE;
  }

  public static float f32ConvertI32U(int a) {
    return (float) (a & 0xFFFFFFFFL);
  }

  /** Halving keeps the lowest bit sticky, so that rounding is right. */
  public static float f32ConvertI64U(long a) {
    return a >= 0 ? (float) a : (float) (a >>> 1 | a & 1) * 2;
  }

  public static double f64ConvertI32U(int a) {
    return (double) (a & 0xFFFFFFFFL);
  }

  public static double f64ConvertI64U(long a) {
    return a >= 0 ? (double) a : (double) (a >>> 1 | a & 1) * 2;
  }

  /** The carry out of {@code a + b}, for {@code i64.add128}. */
  public static long carry(long a, long b) {
    return Long.compareUnsigned(a + b, a) < 0 ? 1 : 0;
  }

  /** The borrow out of {@code a - b}, for {@code i64.sub128}. */
  public static long borrow(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  /** The high half of the signed product, for {@code i64.mul_wide_s}. */
  public static long i64MulWideS(long a, long b) {
    return Math.multiplyHigh(a, b);
  }

  /** The high half of the unsigned product, for {@code i64.mul_wide_u}. */
  public static long i64MulWideU(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b);
  }

  private static Trap divideByZero() {
    return new Trap(TrapKind.INTEGER_DIVIDE_BY_ZERO);
  }

  private static Trap overflow() {
    return new Trap(TrapKind.INTEGER_OVERFLOW);
  }

  private static Trap unconvertible(double a) {
    return new Trap(Double.isNaN(a) ? TrapKind.INVALID_CONVERSION : TrapKind.INTEGER_OVERFLOW);
  }
}
