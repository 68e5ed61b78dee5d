package dev.capsule.wasi.random;

import java.nio.ByteBuffer;

/** SplitMix64, written out here so that no JDK release can change the sequence. */
final class SeededSource implements RandomSource {
  private long state;
  private long word;
  private int left;

  SeededSource(long seed) {
    this.state = seed;
  }

  @Override
  public void fill(ByteBuffer into) {
    while (into.hasRemaining()) {
      if (left == 0) {
        word = next();
        left = Long.BYTES;
      }
      into.put((byte) word);
      word >>>= Byte.SIZE;
      left--;
    }
  }

  private long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
