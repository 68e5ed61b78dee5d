package dev.capsule.engine.interpreter;

/**
 * Finds the longest sequence of instructions from a place on that has a node class of its own.
 *
 * <p>What a sequence is depends on the operations and on which operands are results of earlier ones
 * of it. Such results are forwarded; if they lie in an operand's home slot they are not even
 * stored, because a home is read only once, unless a branch in between might leave them to other
 * code.
 */
final class ShapeMatcher {
  private final int[] code;
  private final int size;
  private final int link;

  /** Whether returns have to clear references: these are no part of sequences. */
  private final boolean refs;

  /** Destinations of the sequence's instructions, -1 where there is none or a branch is behind. */
  private final int[] results = new int[Shapes.MAX_LENGTH];

  private int length;

  ShapeMatcher(int[] code, int size, int link, boolean refs) {
    this.refs = refs;
    this.code = code;
    this.size = size;
    this.link = link;
  }

  /** The words of the sequence that was found last. */
  int length() {
    return length;
  }

  /** The operation of the longest sequence that begins at a place, or 0. */
  int longest(int p) {
    int state = Shapes.next(0, code[p], 0);
    int best = 0;
    int at = p;
    int branch = -1;
    for (int i = 0; state != 0; i++) {
      int op = code[at];
      results[i] = Ops.RESULT[op] == 1 ? code[at + 1] : -1;
      if (Ops.IS_BRANCH[op]) {
        branch = i;
      }
      at += Ops.WORDS[op];
      if (Shapes.ACCEPTS[state] != 0) {
        best = Shapes.ACCEPTS[state];
        length = at - p;
      }
      if (at >= size
          || i + 1 == Shapes.MAX_LENGTH
          || refs && (code[at] == Ops.RETURN_NONE || code[at] == Ops.RETURN_NUMBER)) {
        break;
      }
      state = Shapes.next(state, code[at], sources(at, i, branch));
    }
    return best;
  }

  /**
   * Which operands of the instruction at a place are results of the sequence: for each slot operand
   * four bits, 0 for none, else the position plus 1; above these a bit per operand that says
   * whether the result need not be stored.
   */
  private int sources(int at, int last, int branch) {
    int op = code[at];
    int sources = 0;
    int number = 0;
    for (int mask = Ops.SOURCES[op], word = at + 1; mask != 0; mask >>>= 1, word++) {
      if ((mask & 1) != 0) {
        int slot = code[word];
        for (int i = last; i >= 0; i--) {
          if (results[i] == slot) {
            sources |= i + 1 << 4 * number;
            if (slot > link && branch <= i) {
              sources |= 1 << 12 + number;
            }
            break;
          }
        }
        number++;
      }
    }
    return sources;
  }
}
