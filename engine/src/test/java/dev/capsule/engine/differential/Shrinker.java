package dev.capsule.engine.differential;

import java.util.Arrays;
import java.util.function.Predicate;

/** Makes the record of choices that led to a failure smaller as long as it still fails. */
final class Shrinker {
  private final Predicate<long[]> fails;
  private final long end;
  private long[] best;

  private Shrinker(long[] record, Predicate<long[]> fails, long millis) {
    this.best = record;
    this.fails = fails;
    this.end = System.nanoTime() + millis * 1_000_000;
  }

  /** The smallest record that is found in the given time. */
  static long[] shrink(long[] record, Predicate<long[]> fails, long millis) {
    Shrinker shrinker = new Shrinker(record, fails, millis);
    int before;
    do {
      before = Arrays.hashCode(shrinker.best);
      shrinker.pass();
    } while (before != Arrays.hashCode(shrinker.best) && !shrinker.late());
    return shrinker.best;
  }

  private boolean late() {
    return System.nanoTime() - end > 0;
  }

  private void pass() {
    for (int size = Math.max(1, best.length / 2); size > 0 && !late(); size /= 2) {
      for (int start = best.length - size; start >= 0 && !late(); start -= size) {
        if (start + size <= best.length && !remove(start, size)) {
          zero(start, size);
        }
      }
    }
    for (int i = 0; i < best.length && !late(); i++) {
      while (best[i] != 0 && change(i, best[i] / 2)) {}
      if (best[i] != 0) {
        change(i, best[i] - 1);
      }
    }
  }

  private boolean remove(int start, int size) {
    long[] shorter = new long[best.length - size];
    System.arraycopy(best, 0, shorter, 0, start);
    System.arraycopy(best, start + size, shorter, start, shorter.length - start);
    return accept(shorter);
  }

  private void zero(int start, int size) {
    long[] simpler = best.clone();
    Arrays.fill(simpler, start, start + size, 0);
    if (!Arrays.equals(simpler, best)) {
      accept(simpler);
    }
  }

  private boolean change(int at, long value) {
    long[] simpler = best.clone();
    simpler[at] = value;
    return accept(simpler);
  }

  private boolean accept(long[] record) {
    boolean smaller = !Arrays.equals(record, best) && fails.test(record);
    if (smaller) {
      best = record;
    }
    return smaller;
  }
}
