package dev.capsule.engine.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A place in code that branches lead to. */
final class Label {
  /** The place, or -1 while it is not known. */
  int pc = -1;

  /** Counted instructions that were not charged before the place is reached. */
  int w;

  private int[] words = {};
  private int count;
  private final List<Jump> jumps = new ArrayList<>(0);

  /** Whether a branch leads here. */
  boolean used() {
    return count > 0 || !jumps.isEmpty();
  }

  /** A branch from above: the word at {@code at} takes the place, the next one the charge. */
  void from(int at) {
    if (count == words.length) {
      words = Arrays.copyOf(words, Math.max(4, 2 * count));
    }
    words[count++] = at;
  }

  void from(Jump jump) {
    jumps.add(jump);
  }

  void bind(int[] code, int pc, int w) {
    this.pc = pc;
    this.w = w;
    for (int i = 0; i < count; i++) {
      code[words[i]] = pc;
      code[words[i] + 1] -= w;
    }
    for (Jump jump : jumps) {
      jump.pc = pc;
      jump.fuel -= w;
    }
  }
}
