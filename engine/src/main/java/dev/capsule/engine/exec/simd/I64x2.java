package dev.capsule.engine.exec.simd;

/** Operations on vectors of two 64-bit integers. See the package for the calling convention. */
public final class I64x2 {
  private I64x2() {}

  /** Both halves of the vector. */
  public static long i64x2Splat(long value) {
    return value;
  }

  /** Lane of the half that holds it, counted within the half. */
  public static long i64x2ExtractLane(long half, int lane) {
    return half;
  }

  /** The half with its lane replaced. */
  public static long i64x2ReplaceLane(long half, int lane, long value) {
    return value;
  }

  public static long i64x2Eq(long a, long b) {
    return a == b ? -1L : 0L;
  }

  public static long i64x2Ne(long a, long b) {
    return a != b ? -1L : 0L;
  }

  public static long i64x2LtS(long a, long b) {
    return a < b ? -1L : 0L;
  }

  public static long i64x2GtS(long a, long b) {
    return a > b ? -1L : 0L;
  }

  public static long i64x2LeS(long a, long b) {
    return a <= b ? -1L : 0L;
  }

  public static long i64x2GeS(long a, long b) {
    return a >= b ? -1L : 0L;
  }

  public static long i64x2Abs(long a) {
    return a < 0 ? -a : a;
  }

  public static long i64x2Neg(long a) {
    return -a;
  }

  public static long i64x2Add(long a, long b) {
    return a + b;
  }

  public static long i64x2Sub(long a, long b) {
    return a - b;
  }

  public static long i64x2Mul(long a, long b) {
    return a * b;
  }

  public static long i64x2Shl(long a, int n) {
    return a << n;
  }

  public static long i64x2ShrS(long a, int n) {
    return a >> n;
  }

  public static long i64x2ShrU(long a, int n) {
    return a >>> n;
  }

  public static int i64x2AllTrue(long low, long high) {
    return low != 0 && high != 0 ? 1 : 0;
  }

  public static int i64x2Bitmask(long low, long high) {
    return (int) (low >>> 63 | high >>> 63 << 1);
  }

  public static long i64x2RelaxedLaneselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendS(long half) {
    return (int) half;
  }

  public static long i64x2ExtendLowI32x4SLow(long aLow, long aHigh) {
    return extendS(aLow);
  }

  public static long i64x2ExtendLowI32x4SHigh(long aLow, long aHigh) {
    return extendS(aLow >>> 32);
  }

  public static long i64x2ExtmulLowI32x4SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendS(aLow), extendS(bLow));
  }

  public static long i64x2ExtmulLowI32x4SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendS(aLow >>> 32), extendS(bLow >>> 32));
  }

  public static long i64x2ExtendHighI32x4SLow(long aLow, long aHigh) {
    return extendS(aHigh);
  }

  public static long i64x2ExtendHighI32x4SHigh(long aLow, long aHigh) {
    return extendS(aHigh >>> 32);
  }

  public static long i64x2ExtmulHighI32x4SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendS(aHigh), extendS(bHigh));
  }

  public static long i64x2ExtmulHighI32x4SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendS(aHigh >>> 32), extendS(bHigh >>> 32));
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendU(long half) {
    return half & 0xFFFFFFFFL;
  }

  public static long i64x2ExtendLowI32x4ULow(long aLow, long aHigh) {
    return extendU(aLow);
  }

  public static long i64x2ExtendLowI32x4UHigh(long aLow, long aHigh) {
    return extendU(aLow >>> 32);
  }

  public static long i64x2ExtmulLowI32x4ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendU(aLow), extendU(bLow));
  }

  public static long i64x2ExtmulLowI32x4UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendU(aLow >>> 32), extendU(bLow >>> 32));
  }

  public static long i64x2ExtendHighI32x4ULow(long aLow, long aHigh) {
    return extendU(aHigh);
  }

  public static long i64x2ExtendHighI32x4UHigh(long aLow, long aHigh) {
    return extendU(aHigh >>> 32);
  }

  public static long i64x2ExtmulHighI32x4ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendU(aHigh), extendU(bHigh));
  }

  public static long i64x2ExtmulHighI32x4UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i64x2Mul(extendU(aHigh >>> 32), extendU(bHigh >>> 32));
  }
}
