package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;

/**
 * How often in a row the test of a counted loop is sure to hold, from what its counter is before
 * it, so that so many rounds can do without the test and without comparisons of fuel. Fewer is
 * never wrong, so nothing here has to think of counters that begin again at the other end.
 * Generated code calls these with constants where it can.
 */
public final class LoopFuel {
  /** One more is an int, too. */
  private static final int MOST = Integer.MAX_VALUE - 1;

  /** The most that a round may cost. */
  static final int MOST_COST = 1 << 14;

  private LoopFuel() {}

  /**
   * While a counter that is {@code first} at the first test and then rises is below a limit.
   *
   * @param least fewer rounds are none; asked before the division
   */
  public static int ltS(long first, long limit, long step, int least) {
    return step > 0 && first < limit ? steps(limit - first - 1, step, least) : 0;
  }

  public static int ltU(long first, long limit, long step, int least) {
    return step > 0 && Long.compareUnsigned(first, limit) < 0
        ? steps(limit - first - 1, step, least)
        : 0;
  }

  public static int leS(long first, long limit, long step, int least) {
    return step > 0 && first <= limit ? steps(limit - first, step, least) : 0;
  }

  public static int leU(long first, long limit, long step, int least) {
    return step > 0 && Long.compareUnsigned(first, limit) <= 0
        ? steps(limit - first, step, least)
        : 0;
  }

  /** While a counter that falls, as {@code step} is negative, is above a limit. */
  public static int gtS(long first, long limit, long step, int least) {
    return step < 0 && first > limit ? steps(first - limit - 1, -step, least) : 0;
  }

  public static int gtU(long first, long limit, long step, int least) {
    return step < 0 && Long.compareUnsigned(first, limit) > 0
        ? steps(first - limit - 1, -step, least)
        : 0;
  }

  public static int geS(long first, long limit, long step, int least) {
    return step < 0 && first >= limit ? steps(first - limit, -step, least) : 0;
  }

  public static int geU(long first, long limit, long step, int least) {
    return step < 0 && Long.compareUnsigned(first, limit) >= 0
        ? steps(first - limit, -step, least)
        : 0;
  }

  /** Until a counter is the limit, or goes past it. */
  public static int ne(long first, long limit, long step, int least) {
    if (first == limit || step == 0) {
      return 0;
    }
    return step > 0
        ? steps(limit - first - 1, step, least)
        : steps(first - limit - 1, -step, least);
  }

  /** How many values there are from 0 to {@code distance}, both unsigned. */
  private static int steps(long distance, long step, int least) {
    if (Long.compareUnsigned(distance, (least - 1) * step) < 0) {
      return 0;
    }
    long more = Long.divideUnsigned(distance, step);
    return more < 0 ? MOST : (int) Math.min(more, MOST - 1) + 1;
  }

  // The same for counters of 32 bits, whose distances are no longer than theirs: a division of 32
  // bits takes less time, and registers need not hold the same values in both widths.

  public static int ltS(int first, int limit, int step, int least) {
    return step > 0 && first < limit ? steps(limit - first - 1, step, least) : 0;
  }

  public static int ltU(int first, int limit, int step, int least) {
    return step > 0 && Integer.compareUnsigned(first, limit) < 0
        ? steps(limit - first - 1, step, least)
        : 0;
  }

  public static int leS(int first, int limit, int step, int least) {
    return step > 0 && first <= limit ? steps(limit - first, step, least) : 0;
  }

  public static int leU(int first, int limit, int step, int least) {
    return step > 0 && Integer.compareUnsigned(first, limit) <= 0
        ? steps(limit - first, step, least)
        : 0;
  }

  public static int gtS(int first, int limit, int step, int least) {
    return step < 0 && first > limit ? steps(first - limit - 1, -step, least) : 0;
  }

  public static int gtU(int first, int limit, int step, int least) {
    return step < 0 && Integer.compareUnsigned(first, limit) > 0
        ? steps(first - limit - 1, -step, least)
        : 0;
  }

  public static int geS(int first, int limit, int step, int least) {
    return step < 0 && first >= limit ? steps(first - limit, -step, least) : 0;
  }

  public static int geU(int first, int limit, int step, int least) {
    return step < 0 && Integer.compareUnsigned(first, limit) >= 0
        ? steps(first - limit, -step, least)
        : 0;
  }

  /** A counter of 32 bits that has passed its limit meets it again sooner than one of 64. */
  public static int ne(int first, int limit, int step, int least) {
    if (first == limit || step == 0) {
      return 0;
    }
    return step > 0
        ? steps(limit - first - 1, step, least)
        : steps(first - limit - 1, -step, least);
  }

  /**
   * How many values there are from 0 to {@code distance}, which is unsigned; above the largest int
   * it is taken for shorter, because the division of signed values takes the least time. A step
   * without an opposite stays negative, and gives one round at most. Small enough for HotSpot to
   * inline it anywhere.
   */
  private static int steps(int distance, int step, int least) {
    int more = (distance < 0 ? Integer.MAX_VALUE : distance) / step;
    return more < least - 1 ? 0 : Math.min(more, MOST - 1) + 1;
  }

  /** The round after which the test does not hold is made in full where the test ends it. */
  public static int withLast(int rounds) {
    return rounds > 0 ? rounds + 1 : 0;
  }

  /**
   * Polls where that is due, and has the store make its slice longer where there is not enough of
   * it for a loop.
   *
   * @param rounds how many the loop would like to make without looking at fuel
   * @param cost what a round takes at most
   * @param pending what has been consumed but not charged
   * @return how many of them there is fuel for
   */
  public static int extend(ExecStore store, int rounds, long cost, long pending) {
    store.fuel -= pending;
    store.extendSlice(rounds * cost);
    long enough = Math.min(rounds, store.fuel / cost);
    store.fuel += pending;
    return (int) enough;
  }
}
