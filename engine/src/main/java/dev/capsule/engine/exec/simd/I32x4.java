package dev.capsule.engine.exec.simd;

import dev.capsule.engine.exec.Numeric;

/** Operations on vectors of four 32-bit integers. See the package for the calling convention. */
public final class I32x4 {
  private I32x4() {}

  /** Both halves of the vector. */
  public static long i32x4Splat(int value) {
    return (value & 0xFFFFFFFFL) * 0x0000000100000001L;
  }

  /** Lane of the half that holds it, counted within the half. */
  public static int i32x4ExtractLane(long half, int lane) {
    return (int) (half >>> (32 * lane));
  }

  /** The half with one lane, counted within the half, replaced. */
  public static long i32x4ReplaceLane(long half, int lane, int value) {
    int shift = 32 * lane;
    return half & ~(0xFFFFFFFFL << shift) | (value & 0xFFFFFFFFL) << shift;
  }

  public static long i32x4Eq(long a, long b) {
    long x = a ^ b;
    // Top bit of each lane: set where the lane of x is zero; then spread over the lane.
    long zero = ~(((x & 0x7FFFFFFF7FFFFFFFL) + 0x7FFFFFFF7FFFFFFFL) | x | 0x7FFFFFFF7FFFFFFFL);
    return (zero << 1) - (zero >>> 31);
  }

  public static long i32x4Ne(long a, long b) {
    return ~i32x4Eq(a, b);
  }

  public static long i32x4LtS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x < y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4GtS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x > y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4LeS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x <= y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4GeS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x >= y ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4LtU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x + Integer.MIN_VALUE < y + Integer.MIN_VALUE ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4GtU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x + Integer.MIN_VALUE > y + Integer.MIN_VALUE ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4LeU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x + Integer.MIN_VALUE <= y + Integer.MIN_VALUE ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4GeU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x + Integer.MIN_VALUE >= y + Integer.MIN_VALUE ? -1 : 0) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4Abs(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= ((Math.abs(x)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4Neg(long a) {
    return i32x4Sub(0, a);
  }

  public static long i32x4Add(long a, long b) {
    return ((a & 0x7FFFFFFF7FFFFFFFL) + (b & 0x7FFFFFFF7FFFFFFFL))
        ^ ((a ^ b) & 0x8000000080000000L);
  }

  public static long i32x4Sub(long a, long b) {
    return ((a | 0x8000000080000000L) - (b & 0x7FFFFFFF7FFFFFFFL))
        ^ ((a ^ ~b) & 0x8000000080000000L);
  }

  public static long i32x4Mul(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((x * y) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4Shl(long a, int n) {
    int shift = n & 31;
    return (a & ((0xFFFFFFFFL >>> shift) * 0x0000000100000001L)) << shift;
  }

  public static long i32x4ShrU(long a, int n) {
    int shift = n & 31;
    return (a >>> shift) & ((0xFFFFFFFFL >>> shift) * 0x0000000100000001L);
  }

  public static long i32x4ShrS(long a, int n) {
    int shift = n & 31;
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= ((x >> shift) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4MinS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((Math.min(x, y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4MaxS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((Math.max(x, y)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4MinU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((Integer.compareUnsigned(x, y) < 0 ? x : y) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4MaxU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      int y = (int) (b >>> s);
      result |= ((Integer.compareUnsigned(x, y) > 0 ? x : y) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static int i32x4AllTrue(long low, long high) {
    return (i32x4Eq(low, 0) | i32x4Eq(high, 0)) == 0 ? 1 : 0;
  }

  public static int i32x4Bitmask(long low, long high) {
    int result = 0;
    for (int i = 0; i < 2; i++) {
      result |= (int) (low >>> (32 * i + 31) & 1) << i;
      result |= (int) (high >>> (32 * i + 31) & 1) << (i + 2);
    }
    return result;
  }

  public static long i32x4RelaxedLaneselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendS(long half) {
    return (short) half & 0xFFFFFFFFL | (long) ((int) half >> 16) << 32;
  }

  public static long i32x4ExtendLowI16x8SLow(long aLow, long aHigh) {
    return extendS(aLow);
  }

  public static long i32x4ExtendLowI16x8SHigh(long aLow, long aHigh) {
    return extendS(aLow >>> 32);
  }

  public static long i32x4ExtmulLowI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendS(aLow), extendS(bLow));
  }

  public static long i32x4ExtmulLowI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendS(aLow >>> 32), extendS(bLow >>> 32));
  }

  public static long i32x4ExtendHighI16x8SLow(long aLow, long aHigh) {
    return extendS(aHigh);
  }

  public static long i32x4ExtendHighI16x8SHigh(long aLow, long aHigh) {
    return extendS(aHigh >>> 32);
  }

  public static long i32x4ExtmulHighI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendS(aHigh), extendS(bHigh));
  }

  public static long i32x4ExtmulHighI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendS(aHigh >>> 32), extendS(bHigh >>> 32));
  }

  public static long i32x4ExtaddPairwiseI16x8S(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      long x = (long) (short) (a >>> s);
      long y = (long) (short) (a >>> (s + 16));
      result |= ((x + y) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendU(long half) {
    return half & 0xFFFFL | (half & 0xFFFF0000L) << 16;
  }

  public static long i32x4ExtendLowI16x8ULow(long aLow, long aHigh) {
    return extendU(aLow);
  }

  public static long i32x4ExtendLowI16x8UHigh(long aLow, long aHigh) {
    return extendU(aLow >>> 32);
  }

  public static long i32x4ExtmulLowI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendU(aLow), extendU(bLow));
  }

  public static long i32x4ExtmulLowI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendU(aLow >>> 32), extendU(bLow >>> 32));
  }

  public static long i32x4ExtendHighI16x8ULow(long aLow, long aHigh) {
    return extendU(aHigh);
  }

  public static long i32x4ExtendHighI16x8UHigh(long aLow, long aHigh) {
    return extendU(aHigh >>> 32);
  }

  public static long i32x4ExtmulHighI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendU(aHigh), extendU(bHigh));
  }

  public static long i32x4ExtmulHighI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i32x4Mul(extendU(aHigh >>> 32), extendU(bHigh >>> 32));
  }

  public static long i32x4ExtaddPairwiseI16x8U(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      long x = (a >>> s & 0xFFFFL);
      long y = (a >>> (s + 16) & 0xFFFFL);
      result |= ((x + y) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4DotI16x8S(long a, long b) {
    int even = (short) a * (short) b + ((int) a >> 16) * ((int) b >> 16);
    int odd = (short) (a >>> 32) * (short) (b >>> 32) + (int) (a >> 48) * (int) (b >> 48);
    return even & 0xFFFFFFFFL | (long) odd << 32;
  }

  public static long i32x4RelaxedDotI8x16I7x16AddS(long a, long b, long c) {
    return i32x4Add(i32x4ExtaddPairwiseI16x8S(I16x8.i16x8RelaxedDotI8x16I7x16S(a, b)), c);
  }

  public static long i32x4TruncSatF32x4S(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= ((int) Float.intBitsToFloat(x) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4TruncSatF32x4U(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= (Numeric.i32TruncSatF32U(Float.intBitsToFloat(x)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4TruncSatF64x2SZeroLow(long aLow, long aHigh) {
    return ((int) Double.longBitsToDouble(aLow) & 0xFFFFFFFFL)
        | ((long) (int) Double.longBitsToDouble(aHigh)) << 32;
  }

  public static long i32x4TruncSatF64x2SZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4TruncSatF64x2UZeroLow(long aLow, long aHigh) {
    return (Numeric.i32TruncSatF64U(Double.longBitsToDouble(aLow)) & 0xFFFFFFFFL)
        | ((long) Numeric.i32TruncSatF64U(Double.longBitsToDouble(aHigh))) << 32;
  }

  public static long i32x4TruncSatF64x2UZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4RelaxedTruncF32x4S(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= ((int) Float.intBitsToFloat(x) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4RelaxedTruncF32x4U(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 32) {
      int x = (int) (a >>> s);
      result |= (Numeric.i32TruncSatF32U(Float.intBitsToFloat(x)) & 0xFFFFFFFFL) << s;
    }
    return result;
  }

  public static long i32x4RelaxedTruncF64x2SZeroLow(long aLow, long aHigh) {
    return ((int) Double.longBitsToDouble(aLow) & 0xFFFFFFFFL)
        | ((long) (int) Double.longBitsToDouble(aHigh)) << 32;
  }

  public static long i32x4RelaxedTruncF64x2SZeroHigh(long aLow, long aHigh) {
    return 0;
  }

  public static long i32x4RelaxedTruncF64x2UZeroLow(long aLow, long aHigh) {
    return (Numeric.i32TruncSatF64U(Double.longBitsToDouble(aLow)) & 0xFFFFFFFFL)
        | ((long) Numeric.i32TruncSatF64U(Double.longBitsToDouble(aHigh))) << 32;
  }

  public static long i32x4RelaxedTruncF64x2UZeroHigh(long aLow, long aHigh) {
    return 0;
  }
}
