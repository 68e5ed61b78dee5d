package dev.capsule.engine.exec.simd;

/** Operations on vectors of sixteen bytes. See the package for the calling convention. */
public final class I8x16 {
  /** The top bit of every lane. */
  private static final long TOPS = 0x8080808080808080L;

  private I8x16() {}

  /** Both halves of the vector. */
  public static long i8x16Splat(int value) {
    return (value & 0xFFL) * 0x0101010101010101L;
  }

  /** Lane of the half that holds it, counted within the half. */
  public static int i8x16ExtractLaneS(long half, int lane) {
    return (byte) (half >>> (8 * lane));
  }

  /** Lane of the half that holds it, counted within the half. */
  public static int i8x16ExtractLaneU(long half, int lane) {
    return (int) (half >>> (8 * lane)) & 0xFF;
  }

  /** The half with one lane, counted within the half, replaced. */
  public static long i8x16ReplaceLane(long half, int lane, int value) {
    int shift = 8 * lane;
    return half & ~(0xFFL << shift) | (value & 0xFFL) << shift;
  }

  public static long i8x16Eq(long a, long b) {
    long x = a ^ b;
    // Top bit of each lane: set where the lane of x is zero; then spread over the lane.
    long zero = ~(((x & 0x7F7F7F7F7F7F7F7FL) + 0x7F7F7F7F7F7F7F7FL) | x | 0x7F7F7F7F7F7F7F7FL);
    return (zero << 1) - (zero >>> 7);
  }

  public static long i8x16Ne(long a, long b) {
    return ~i8x16Eq(a, b);
  }

  public static long i8x16LtS(long a, long b) {
    return i8x16LtU(a ^ TOPS, b ^ TOPS);
  }

  public static long i8x16GtS(long a, long b) {
    return i8x16LtS(b, a);
  }

  public static long i8x16LeS(long a, long b) {
    return ~i8x16LtS(b, a);
  }

  public static long i8x16GeS(long a, long b) {
    return ~i8x16LtS(a, b);
  }

  public static long i8x16LtU(long a, long b) {
    // The top bit of each lane: set where the lower bits of a are not below those of b.
    long notBelow = (a | TOPS) - (b & ~TOPS);
    long less = (~a & b | ~(a ^ b) & ~notBelow) & TOPS;
    return (less << 1) - (less >>> 7);
  }

  public static long i8x16GtU(long a, long b) {
    return i8x16LtU(b, a);
  }

  public static long i8x16LeU(long a, long b) {
    return ~i8x16LtU(b, a);
  }

  public static long i8x16GeU(long a, long b) {
    return ~i8x16LtU(a, b);
  }

  public static long i8x16Abs(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      result |= ((Math.abs(x)) & 0xFFL) << s;
    }
    return result;
  }

  public static long i8x16Neg(long a) {
    return i8x16Sub(0, a);
  }

  public static long i8x16Add(long a, long b) {
    return ((a & 0x7F7F7F7F7F7F7F7FL) + (b & 0x7F7F7F7F7F7F7F7FL))
        ^ ((a ^ b) & 0x8080808080808080L);
  }

  public static long i8x16Sub(long a, long b) {
    return ((a | 0x8080808080808080L) - (b & 0x7F7F7F7F7F7F7F7FL))
        ^ ((a ^ ~b) & 0x8080808080808080L);
  }

  public static long i8x16Shl(long a, int n) {
    int shift = n & 7;
    return (a & ((0xFFL >>> shift) * 0x0101010101010101L)) << shift;
  }

  public static long i8x16ShrU(long a, int n) {
    int shift = n & 7;
    return (a >>> shift) & ((0xFFL >>> shift) * 0x0101010101010101L);
  }

  public static long i8x16ShrS(long a, int n) {
    int shift = n & 7;
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      result |= ((x >> shift) & 0xFFL) << s;
    }
    return result;
  }

  public static long i8x16MinS(long a, long b) {
    return b ^ ((a ^ b) & i8x16LtS(a, b));
  }

  public static long i8x16MaxS(long a, long b) {
    return b ^ ((a ^ b) & i8x16LtS(b, a));
  }

  public static long i8x16MinU(long a, long b) {
    return b ^ ((a ^ b) & i8x16LtU(a, b));
  }

  public static long i8x16MaxU(long a, long b) {
    return b ^ ((a ^ b) & i8x16LtU(b, a));
  }

  public static long i8x16AddSatS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      int y = (byte) (b >>> s);
      result |= ((Math.max(-128, Math.min(127, x + y))) & 0xFFL) << s;
    }
    return result;
  }

  public static long i8x16SubSatS(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      int y = (byte) (b >>> s);
      result |= ((Math.max(-128, Math.min(127, x - y))) & 0xFFL) << s;
    }
    return result;
  }

  public static long i8x16AddSatU(long a, long b) {
    long sum = i8x16Add(a, b);
    return sum | i8x16LtU(sum, a);
  }

  public static long i8x16SubSatU(long a, long b) {
    return i8x16Sub(a, b) & ~i8x16LtU(a, b);
  }

  public static long i8x16AvgrU(long a, long b) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      int y = (byte) (b >>> s);
      result |= ((((x & 0xFF) + (y & 0xFF) + 1) >>> 1) & 0xFFL) << s;
    }
    return result;
  }

  public static int i8x16AllTrue(long low, long high) {
    return (i8x16Eq(low, 0) | i8x16Eq(high, 0)) == 0 ? 1 : 0;
  }

  public static int i8x16Bitmask(long low, long high) {
    int result = 0;
    for (int i = 0; i < 8; i++) {
      result |= (int) (low >>> (8 * i + 7) & 1) << i;
      result |= (int) (high >>> (8 * i + 7) & 1) << (i + 8);
    }
    return result;
  }

  public static long i8x16Popcnt(long a) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int x = (byte) (a >>> s);
      result |= ((Integer.bitCount(x & 0xFF)) & 0xFFL) << s;
    }
    return result;
  }

  public static long i8x16SwizzleLow(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bLow);
  }

  public static long i8x16SwizzleHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bHigh);
  }

  /** The lanes of a vector that eight indices choose; an index above 15 gives 0. */
  private static long swizzle(long low, long high, long indices) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int i = (int) (indices >>> s);
      // A shift looks at the lower six bits of its distance alone.
      result |= (((i & 8) == 0 ? low : high) >>> (i << 3) & 0xFF) << s;
    }
    return result & i8x16LtU(indices, 0x1010101010101010L);
  }

  /** Half of a shuffle: {@code lanes} holds the eight lane numbers (0 to 31) of that half. */
  public static long i8x16Shuffle(long aLow, long aHigh, long bLow, long bHigh, long lanes) {
    long result = 0;
    for (int s = 0; s < 64; s += 8) {
      int i = (int) (lanes >>> s) & 0x1F;
      long half = i < 16 ? (i < 8 ? aLow : aHigh) : (i < 24 ? bLow : bHigh);
      result |= (half >>> (8 * (i & 7)) & 0xFF) << s;
    }
    return result;
  }

  public static long i8x16RelaxedSwizzleLow(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bLow);
  }

  public static long i8x16RelaxedSwizzleHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return swizzle(aLow, aHigh, bHigh);
  }

  public static long i8x16RelaxedLaneselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  public static long i8x16NarrowI16x8SLow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(aLow, aHigh);
  }

  public static long i8x16NarrowI16x8SHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowS(bLow, bHigh);
  }

  /** The lanes of a whole vector, saturated to half their width. */
  private static long narrowS(long low, long high) {
    return narrowS(low) | narrowS(high) << 32;
  }

  public static long i8x16NarrowI16x8ULow(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(aLow, aHigh);
  }

  public static long i8x16NarrowI16x8UHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return narrowU(bLow, bHigh);
  }

  /** The lanes of a whole vector, saturated to half their width. */
  private static long narrowU(long low, long high) {
    return narrowU(low) | narrowU(high) << 32;
  }

  /** The four lanes of half a vector, saturated to bytes. */
  private static long narrowS(long half) {
    long sign = I16x8.spread(half & 0x8000800080008000L);
    // A lane, or its complement where it is negative; 127 where that is more.
    long size = half ^ sign;
    long over = (size & 0x7F807F807F807F80L) + 0x7F807F807F807F80L & 0x8000800080008000L;
    return pack((size | (over >>> 8) - (over >>> 15)) & 0x007F007F007F007FL ^ sign);
  }

  /** The four lanes of half a vector, saturated to unsigned bytes. */
  private static long narrowU(long half) {
    long size = half & ~I16x8.spread(half & 0x8000800080008000L);
    long over = (size & 0x7F007F007F007F00L) + 0x7F007F007F007F00L & 0x8000800080008000L;
    return pack(size | (over >>> 7) - (over >>> 15));
  }

  /** The lower bytes of four lanes, next to each other. */
  private static long pack(long lanes) {
    long pairs = lanes & 0x00FF00FF00FF00FFL;
    pairs = (pairs | pairs >>> 8) & 0x0000FFFF0000FFFFL;
    return (pairs | pairs >>> 16) & 0xFFFFFFFFL;
  }
}
