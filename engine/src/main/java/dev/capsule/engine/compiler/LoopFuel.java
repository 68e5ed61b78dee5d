package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;

/**
 * How often a counted loop can come to its header, at most, from what its counter is before it: so
 * that fuel for all of it can be known to be there. Generated code calls these with constant steps.
 */
public final class LoopFuel {
  /** More than any fuel, still so after a multiplication by the cost of a round. */
  private static final long UNKNOWN = 1L << 44;

  /** The most that a round may cost. */
  static final int MOST_COST = 1 << 14;

  private LoopFuel() {}

  /** While the counter, which rises by {@code step}, is below or at a limit. */
  public static long risingSigned(int counter, int limit, int step) {
    return rising(counter, limit, step, Integer.MAX_VALUE);
  }

  /** The same for unsigned comparisons. */
  public static long risingUnsigned(int counter, int limit, int step) {
    return rising(
        Integer.toUnsignedLong(counter), Integer.toUnsignedLong(limit), step, 0xFFFF_FFFFL);
  }

  /** While the counter, which falls by {@code step}, is above or at a limit. */
  public static long fallingSigned(int counter, int limit, int step) {
    return rising(-(long) counter, -(long) limit, step, 1L << 31);
  }

  /** The same for unsigned comparisons. */
  public static long fallingUnsigned(int counter, int limit, int step) {
    return rising(-Integer.toUnsignedLong(counter), -Integer.toUnsignedLong(limit), step, 0);
  }

  /** A counter that might pass {@code most} would begin again at the other end. */
  private static long rising(long counter, long limit, int step, long most) {
    if (Math.max(counter, limit) + step > most) {
      return UNKNOWN;
    }
    // Whether the comparison includes the limit and comes before the step or after it changes this
    // by two at most.
    return Math.max(0, limit - counter) / step + 3;
  }

  /**
   * Until the counter, which is compared before it rises by 1 &lt;&lt; {@code shift}, is the limit.
   */
  public static long until(int counter, int limit, int shift) {
    int distance = limit - counter;
    if ((distance & (1 << shift) - 1) != 0) {
      return UNKNOWN;
    }
    return (Integer.toUnsignedLong(distance) >>> shift) + 2;
  }

  /** The same for a counter that is compared after it has risen. */
  public static long untilAfter(int counter, int limit, int shift) {
    return until(counter + (1 << shift), limit, shift);
  }

  /**
   * Asks the store for fuel.
   *
   * @param need what has to be there
   * @param pending what has been consumed but not charged
   */
  public static boolean extend(ExecStore store, long need, long pending) {
    store.fuel -= pending;
    boolean enough = store.extendSlice(need - pending);
    store.fuel += pending;
    return enough;
  }
}
