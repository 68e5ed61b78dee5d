package dev.capsule.engine.differential;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where generators get their decisions from: random ones, which are recorded, or recorded ones.
 * Zero is always the simplest decision, and a record that has ended goes on with zeros, so a
 * shorter or smaller record means a simpler module; that is how failures are shrunk.
 */
final class Choices {
  private final SplittableRandom random;
  private long[] record;
  private int size;
  private int position;

  private Choices(SplittableRandom random, long[] record) {
    this.random = random;
    this.record = record;
    this.size = record.length;
  }

  static Choices random(long seed) {
    return new Choices(new SplittableRandom(seed), new long[0]);
  }

  static Choices replay(long[] record) {
    return new Choices(null, record);
  }

  /** The decisions that were taken. */
  long[] record() {
    return Arrays.copyOf(record, Math.min(size, position));
  }

  /** The next decision as 64 bits. */
  long bits() {
    if (random == null) {
      long value = position < size ? record[position] : 0;
      position++;
      return value;
    }
    long value = random.nextLong();
    keep(value);
    return value;
  }

  private void keep(long value) {
    if (size == record.length) {
      record = Arrays.copyOf(record, Math.max(256, 2 * size));
    }
    record[size++] = value;
    position = size;
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    if (bound <= 1) {
      return 0;
    }
    if (random == null) {
      return (int) Long.remainderUnsigned(bits(), bound);
    }
    int value = random.nextInt(bound);
    keep(value);
    return value;
  }

  /** True in {@code percent} of all cases. */
  boolean chance(int percent) {
    return below(100) >= 100 - percent;
  }

  <T> T pick(List<T> from) {
    return from.get(below(from.size()));
  }

  /** An index, in proportion to its weight. */
  int weighted(int... weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int at = below(sum);
    for (int i = 0; i < weights.length; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    return 0;
  }
}
