package dev.capsule.engine.exec.simd;

/** Operations on vectors as bits ({@code v128.*}). See the package for the calling convention. */
public final class Bits {
  private Bits() {}

  public static long v128Not(long a) {
    return ~a;
  }

  public static long v128And(long a, long b) {
    return a & b;
  }

  public static long v128Andnot(long a, long b) {
    return a & ~b;
  }

  public static long v128Or(long a, long b) {
    return a | b;
  }

  public static long v128Xor(long a, long b) {
    return a ^ b;
  }

  public static long v128Bitselect(long a, long b, long mask) {
    return b ^ ((a ^ b) & mask);
  }

  public static int v128AnyTrue(long low, long high) {
    return (low | high) != 0 ? 1 : 0;
  }
}
