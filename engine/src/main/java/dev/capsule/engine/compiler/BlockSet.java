package dev.capsule.engine.compiler;

import java.util.Arrays;

/** A set of variables per block, as rows of bits. */
final class BlockSet {
  private final int words;
  private final long[] bits;

  BlockSet(int blocks, int variables) {
    this.words = (variables + 63) >>> 6;
    this.bits = new long[Math.multiplyExact(blocks, words)];
  }

  boolean has(int block, int variable) {
    return (bits[block * words + (variable >>> 6)] & 1L << variable) != 0;
  }

  void add(int block, int variable) {
    bits[block * words + (variable >>> 6)] |= 1L << variable;
  }

  void clear(int block) {
    Arrays.fill(bits, block * words, (block + 1) * words, 0);
  }

  /** Adds another set's row; tells whether that changed this one. */
  boolean addAll(int block, BlockSet other, int from) {
    long changed = 0;
    for (int i = 0; i < words; i++) {
      long old = bits[block * words + i];
      long merged = old | other.bits[from * words + i];
      changed |= old ^ merged;
      bits[block * words + i] = merged;
    }
    return changed != 0;
  }

  /**
   * Adds what is in {@code more} but not in {@code without}; tells whether that changed this row.
   */
  boolean addDifference(int block, BlockSet more, int from, BlockSet without, int minus) {
    long changed = 0;
    for (int i = 0; i < words; i++) {
      long old = bits[block * words + i];
      long merged = old | more.bits[from * words + i] & ~without.bits[minus * words + i];
      changed |= old ^ merged;
      bits[block * words + i] = merged;
    }
    return changed != 0;
  }

  /** Adds what is in both rows of two other sets; tells whether that changed this row. */
  boolean addBoth(int block, BlockSet one, BlockSet other, int from) {
    long changed = 0;
    for (int i = 0; i < words; i++) {
      long old = bits[block * words + i];
      long merged = old | one.bits[from * words + i] & other.bits[from * words + i];
      changed |= old ^ merged;
      bits[block * words + i] = merged;
    }
    return changed != 0;
  }

  /** Adds everything to a row. */
  void fill(int block) {
    Arrays.fill(bits, block * words, (block + 1) * words, -1);
  }

  /** The members of a row. */
  int[] members(int block) {
    int count = 0;
    for (int i = 0; i < words; i++) {
      count += Long.bitCount(bits[block * words + i]);
    }
    int[] members = new int[count];
    int at = 0;
    for (int i = 0; i < words; i++) {
      for (long word = bits[block * words + i]; word != 0; word &= word - 1) {
        members[at++] = 64 * i + Long.numberOfTrailingZeros(word);
      }
    }
    return members;
  }
}
