package dev.capsule.engine.exec.simd;

/** Operations on vectors of eight 16-bit integers. See the package for the calling convention. */
public final class I16x8 {
  /** The top bit of every lane. */
  private static final long TOPS = 0x8000800080008000L;

  private I16x8() {}

  /** Both halves of the vector. */
  public static long i16x8Splat(int value) {
    return (value & 0xFFFFL) * 0x0001000100010001L;
  }

  /** Lane of the half that holds it, counted within the half. */
  public static int i16x8ExtractLaneS(long half, int lane) {
    return (short) (half >>> (16 * lane));
  }

  /** Lane of the half that holds it, counted within the half. */
  public static int i16x8ExtractLaneU(long half, int lane) {
    return (int) (half >>> (16 * lane)) & 0xFFFF;
  }

  /** The half with one lane, counted within the half, replaced. */
  public static long i16x8ReplaceLane(long half, int lane, int value) {
    int shift = 16 * lane;
    return half & ~(0xFFFFL << shift) | (value & 0xFFFFL) << shift;
  }

  public static long i16x8Eq(long a, long b) {
    long x = a ^ b;
    // Top bit of each lane: set where the lane of x is zero; then spread over the lane.
    long zero = ~(((x & 0x7FFF7FFF7FFF7FFFL) + 0x7FFF7FFF7FFF7FFFL) | x | 0x7FFF7FFF7FFF7FFFL);
    return (zero << 1) - (zero >>> 15);
  }

  public static long i16x8Ne(long a, long b) {
    return ~i16x8Eq(a, b);
  }

  public static long i16x8LtS(long a, long b) {
    return i16x8LtU(a ^ TOPS, b ^ TOPS);
  }

  public static long i16x8GtS(long a, long b) {
    return i16x8LtS(b, a);
  }

  public static long i16x8LeS(long a, long b) {
    return ~i16x8LtS(b, a);
  }

  public static long i16x8GeS(long a, long b) {
    return ~i16x8LtS(a, b);
  }

  public static long i16x8LtU(long a, long b) {
    // The top bit of each lane: set where the lower bits of a are not below those of b.
    long notBelow = (a | TOPS) - (b & ~TOPS);
    long less = (~a & b | ~(a ^ b) & ~notBelow) & TOPS;
    return (less << 1) - (less >>> 15);
  }

  public static long i16x8GtU(long a, long b) {
    return i16x8LtU(b, a);
  }

  public static long i16x8LeU(long a, long b) {
    return ~i16x8LtU(b, a);
  }

  public static long i16x8GeU(long a, long b) {
    return ~i16x8LtU(a, b);
  }

  public static long i16x8Abs(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      result |= ((Math.abs(x)) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8Neg(long a) {
    return i16x8Sub(0, a);
  }

  public static long i16x8Add(long a, long b) {
    return ((a & 0x7FFF7FFF7FFF7FFFL) + (b & 0x7FFF7FFF7FFF7FFFL))
        ^ ((a ^ b) & 0x8000800080008000L);
  }

  public static long i16x8Sub(long a, long b) {
    return ((a | 0x8000800080008000L) - (b & 0x7FFF7FFF7FFF7FFFL))
        ^ ((a ^ ~b) & 0x8000800080008000L);
  }

  public static long i16x8Mul(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((x * y) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8Shl(long a, int n) {
    int shift = n & 15;
    return (a & ((0xFFFFL >>> shift) * 0x0001000100010001L)) << shift;
  }

  public static long i16x8ShrU(long a, int n) {
    int shift = n & 15;
    return (a >>> shift) & ((0xFFFFL >>> shift) * 0x0001000100010001L);
  }

  public static long i16x8ShrS(long a, int n) {
    int shift = n & 15;
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      result |= ((x >> shift) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8MinS(long a, long b) {
    return b ^ ((a ^ b) & i16x8LtS(a, b));
  }

  public static long i16x8MaxS(long a, long b) {
    return b ^ ((a ^ b) & i16x8LtS(b, a));
  }

  public static long i16x8MinU(long a, long b) {
    return b ^ ((a ^ b) & i16x8LtU(a, b));
  }

  public static long i16x8MaxU(long a, long b) {
    return b ^ ((a ^ b) & i16x8LtU(b, a));
  }

  public static long i16x8AddSatS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((Math.max(-32768, Math.min(32767, x + y))) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8SubSatS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((Math.max(-32768, Math.min(32767, x - y))) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8AddSatU(long a, long b) {
    long sum = i16x8Add(a, b);
    return sum | i16x8LtU(sum, a);
  }

  public static long i16x8SubSatU(long a, long b) {
    return i16x8Sub(a, b) & ~i16x8LtU(a, b);
  }

  public static long i16x8AvgrU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((((x & 0xFFFF) + (y & 0xFFFF) + 1) >>> 1) & 0xFFFFL) << s;
    }
    return result;
  }

  public static int i16x8AllTrue(long low, long high) {
    return (i16x8Eq(low, 0) | i16x8Eq(high, 0)) == 0 ? 1 : 0;
  }

  public static int i16x8Bitmask(long low, long high) {
    int result = 0;
    for (int i = 0; i < 4; i++) {
      result |= (int) (low >>> (16 * i + 15) & 1) << i;
      result |= (int) (high >>> (16 * i + 15) & 1) << (i + 4);
    }
    return result;
  }

  public static long i16x8RelaxedLaneselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  public static long i16x8NarrowI32x4SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(aLow, aHigh);
  }

  public static long i16x8NarrowI32x4SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(bLow, bHigh);
  }

  /** The lanes of a whole vector, saturated to half their width. */
  private static long narrowS(long low, long high) {
    long result = 0;
    for (int i = 0; i < 2; i++) {
      int x = (int) (low >>> (32 * i));
      int y = (int) (high >>> (32 * i));
      result |= (Math.max(-32768, Math.min(32767, x)) & 0xFFFFL) << (16 * i);
      result |= (Math.max(-32768, Math.min(32767, y)) & 0xFFFFL) << (16 * i + 32);
    }
    return result;
  }

  public static long i16x8NarrowI32x4ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(aLow, aHigh);
  }

  public static long i16x8NarrowI32x4UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(bLow, bHigh);
  }

  /** The lanes of a whole vector, saturated to half their width. */
  private static long narrowU(long low, long high) {
    long result = 0;
    for (int i = 0; i < 2; i++) {
      int x = (int) (low >>> (32 * i));
      int y = (int) (high >>> (32 * i));
      result |= (Math.max(0, Math.min(65535, x)) & 0xFFFFL) << (16 * i);
      result |= (Math.max(0, Math.min(65535, y)) & 0xFFFFL) << (16 * i + 32);
    }
    return result;
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendS(long half) {
    long x = extendU(half);
    long sign = x & 0x0080008000800080L;
    return x | (sign << 9) - (sign << 1);
  }

  public static long i16x8ExtendLowI8x16SLow(long aLow, long aHigh) {
    return extendS(aLow);
  }

  public static long i16x8ExtendLowI8x16SHigh(long aLow, long aHigh) {
    return extendS(aLow >>> 32);
  }

  public static long i16x8ExtmulLowI8x16SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendS(aLow), extendS(bLow));
  }

  public static long i16x8ExtmulLowI8x16SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendS(aLow >>> 32), extendS(bLow >>> 32));
  }

  public static long i16x8ExtendHighI8x16SLow(long aLow, long aHigh) {
    return extendS(aHigh);
  }

  public static long i16x8ExtendHighI8x16SHigh(long aLow, long aHigh) {
    return extendS(aHigh >>> 32);
  }

  public static long i16x8ExtmulHighI8x16SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendS(aHigh), extendS(bHigh));
  }

  public static long i16x8ExtmulHighI8x16SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendS(aHigh >>> 32), extendS(bHigh >>> 32));
  }

  public static long i16x8ExtaddPairwiseI8x16S(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      long x = (long) (byte) (a >>> s);
      long y = (long) (byte) (a >>> (s + 8));
      result |= ((x + y) & 0xFFFFL) << s;
    }
    return result;
  }

  /** Widens the lanes of the low 32 bits. */
  private static long extendU(long half) {
    long x = half & 0xFFFFFFFFL;
    x = (x | x << 16) & 0x0000FFFF0000FFFFL;
    return (x | x << 8) & 0x00FF00FF00FF00FFL;
  }

  public static long i16x8ExtendLowI8x16ULow(long aLow, long aHigh) {
    return extendU(aLow);
  }

  public static long i16x8ExtendLowI8x16UHigh(long aLow, long aHigh) {
    return extendU(aLow >>> 32);
  }

  public static long i16x8ExtmulLowI8x16ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendU(aLow), extendU(bLow));
  }

  public static long i16x8ExtmulLowI8x16UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendU(aLow >>> 32), extendU(bLow >>> 32));
  }

  public static long i16x8ExtendHighI8x16ULow(long aLow, long aHigh) {
    return extendU(aHigh);
  }

  public static long i16x8ExtendHighI8x16UHigh(long aLow, long aHigh) {
    return extendU(aHigh >>> 32);
  }

  public static long i16x8ExtmulHighI8x16ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendU(aHigh), extendU(bHigh));
  }

  public static long i16x8ExtmulHighI8x16UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return i16x8Mul(extendU(aHigh >>> 32), extendU(bHigh >>> 32));
  }

  public static long i16x8ExtaddPairwiseI8x16U(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      long x = (a >>> s & 0xFFL);
      long y = (a >>> (s + 8) & 0xFFL);
      result |= ((x + y) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8Q15mulrSatS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((Math.min(32767, (x * y + 0x4000) >> 15)) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8RelaxedQ15mulrS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (short) (a >>> s);
      int y = (short) (b >>> s);
      result |= ((Math.min(32767, (x * y + 0x4000) >> 15)) & 0xFFFFL) << s;
    }
    return result;
  }

  public static long i16x8RelaxedDotI8x16I7x16S(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 16) {
      int x = (byte) (a >>> s) * (byte) (b >>> s);
      int y = (byte) (a >>> (s + 8)) * (byte) (b >>> (s + 8));
      result |= (Math.max(-32768, Math.min(32767, x + y)) & 0xFFFFL) << s;
    }
    return result;
  }

  /** Lanes full of their top bits, of which alone any may be set. */
  static long spread(long tops) {
    return (tops << 1) - (tops >>> 15);
  }
}
