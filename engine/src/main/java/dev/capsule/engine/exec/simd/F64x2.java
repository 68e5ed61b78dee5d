package dev.capsule.engine.exec.simd;

import dev.capsule.engine.exec.Numeric;

/** Operations on vectors of two doubles. See the package for the calling convention. */
public final class F64x2 {
  private F64x2() {}

  /** Both halves of the vector. */
  public static long f64x2Splat(double value) {
    return Double.doubleToRawLongBits(value);
  }

  /** Lane of the half that holds it, counted within the half. */
  public static double f64x2ExtractLane(long half, int lane) {
    return Double.longBitsToDouble(half);
  }

  /** The half with its lane replaced. */
  public static long f64x2ReplaceLane(long half, int lane, double value) {
    return Double.doubleToRawLongBits(value);
  }

  public static long f64x2Eq(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x == y ? -1L : 0L;
  }

  public static long f64x2Ne(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x != y ? -1L : 0L;
  }

  public static long f64x2Lt(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x < y ? -1L : 0L;
  }

  public static long f64x2Gt(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x > y ? -1L : 0L;
  }

  public static long f64x2Le(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x <= y ? -1L : 0L;
  }

  public static long f64x2Ge(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x >= y ? -1L : 0L;
  }

  public static long f64x2Abs(long a) {
    return a & ~Long.MIN_VALUE;
  }

  public static long f64x2Neg(long a) {
    return a ^ Long.MIN_VALUE;
  }

  public static long f64x2Sqrt(long a) {
    double x = Double.longBitsToDouble(a);
    return Double.doubleToRawLongBits(Math.sqrt(x));
  }

  public static long f64x2Ceil(long a) {
    double x = Double.longBitsToDouble(a);
    return Double.doubleToRawLongBits(Numeric.f64Ceil(x));
  }

  public static long f64x2Floor(long a) {
    double x = Double.longBitsToDouble(a);
    return Double.doubleToRawLongBits(Numeric.f64Floor(x));
  }

  public static long f64x2Trunc(long a) {
    double x = Double.longBitsToDouble(a);
    return Double.doubleToRawLongBits(Numeric.f64Trunc(x));
  }

  public static long f64x2Nearest(long a) {
    double x = Double.longBitsToDouble(a);
    return Double.doubleToRawLongBits(Numeric.f64Nearest(x));
  }

  public static long f64x2Add(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(x + y);
  }

  public static long f64x2Sub(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(x - y);
  }

  public static long f64x2Mul(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(x * y);
  }

  public static long f64x2Div(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(x / y);
  }

  public static long f64x2Min(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(Numeric.f64Min(x, y));
  }

  public static long f64x2Max(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(Numeric.f64Max(x, y));
  }

  public static long f64x2Pmin(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(y < x ? y : x);
  }

  public static long f64x2Pmax(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(x < y ? y : x);
  }

  public static long f64x2RelaxedMin(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(Numeric.f64Min(x, y));
  }

  public static long f64x2RelaxedMax(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return Double.doubleToRawLongBits(Numeric.f64Max(x, y));
  }

  public static long f64x2RelaxedMadd(long a, long b, long c) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double z = Double.longBitsToDouble(c);
    return Double.doubleToRawLongBits(x * y + z);
  }

  public static long f64x2RelaxedNmadd(long a, long b, long c) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double z = Double.longBitsToDouble(c);
    return Double.doubleToRawLongBits(-(x * y) + z);
  }

  public static long f64x2ConvertLowI32x4SLow(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) (int) (aLow));
  }

  public static long f64x2ConvertLowI32x4SHigh(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) (int) (aLow >>> 32));
  }

  public static long f64x2ConvertLowI32x4ULow(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) (aLow & 0xFFFFFFFFL));
  }

  public static long f64x2ConvertLowI32x4UHigh(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) (aLow >>> 32 & 0xFFFFFFFFL));
  }

  public static long f64x2PromoteLowF32x4Low(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) Float.intBitsToFloat((int) aLow));
  }

  public static long f64x2PromoteLowF32x4High(long aLow, long aHigh) {
    return Double.doubleToRawLongBits((double) Float.intBitsToFloat((int) (aLow >>> 32)));
  }
}
