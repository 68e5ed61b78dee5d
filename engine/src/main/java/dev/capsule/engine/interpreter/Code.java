package dev.capsule.engine.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The register code of a function while it is lowered: words of {@code Ops}, where 0 and a few
 * others stand for a node that exists already.
 *
 * <p>Fuel: {@link #w} counts instructions since the store was last charged, in the order of the
 * code. Going straight on and branches not taken charge nothing; a taken branch charges the
 * difference between here and there, calls and returns charge all. So sums are exact wherever
 * {@code w} is 0, that is at calls and loop headers.
 */
final class Code {
  int[] words = new int[256];
  int size;
  final List<Node> specials = new ArrayList<>();

  /** Counted instructions that the store has not been charged for here. */
  int w;

  /** Where the last instruction begins, or -1 where it must not be changed any longer. */
  private int last = -1;

  /** A comparison taken back by {@link #takeCondition}: its operation and two or three operands. */
  private final int[] condition = new int[4];

  private int conditionWords;

  /** Triples for {@link Lowered#uncharged}; null if nobody wants them. */
  private int[] positions;

  private int positionCount;

  /** The file offset of the instruction that is lowered now. */
  int offset;

  void keepPositions() {
    positions = new int[96];
  }

  int[] positions() {
    return Arrays.copyOf(positions, positionCount);
  }

  private int begin(int op) {
    int length = Ops.WORDS[op];
    if (size + length > words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    if (positions != null) {
      if (positionCount == positions.length) {
        positions = Arrays.copyOf(positions, 2 * positionCount);
      }
      positions[positionCount++] = size;
      positions[positionCount++] = w;
      positions[positionCount++] = offset;
    }
    int at = size;
    last = at;
    words[at] = op;
    size += length;
    return at;
  }

  void emit(int op, int a) {
    int at = begin(op);
    words[at + 1] = a;
  }

  void emit(int op, int a, int b) {
    int at = begin(op);
    words[at + 1] = a;
    words[at + 2] = b;
  }

  void emit(int op, int a, int b, int c) {
    int at = begin(op);
    words[at + 1] = a;
    words[at + 2] = b;
    words[at + 3] = c;
  }

  void emit(int op, int a, int b, int c, int d) {
    int at = begin(op);
    words[at + 1] = a;
    words[at + 2] = b;
    words[at + 3] = c;
    words[at + 4] = d;
  }

  /** With an immediate operand behind two others, of one word or two as the operation has it. */
  void emitImmediate(int op, int a, int b, long immediate) {
    int at = begin(op);
    words[at + 1] = a;
    words[at + 2] = b;
    words[at + 3] = (int) immediate;
    if (at + 4 < size) {
      words[at + 4] = (int) (immediate >>> 32);
    }
  }

  /** Two vectors and the lanes of {@code i8x16.shuffle}. */
  void emitShuffle(int op, int d, int a, int b, long low, long high) {
    int at = begin(op);
    words[at + 1] = d;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = (int) low;
    words[at + 5] = (int) (low >>> 32);
    words[at + 6] = (int) high;
    words[at + 7] = (int) (high >>> 32);
  }

  /** A store of an immediate value. */
  void emitStore(int op, int a, long immediate, int offset) {
    int at = begin(op);
    words[at + 1] = a;
    words[at + 2] = (int) immediate;
    if (at + 5 == size) {
      words[at + 3] = (int) (immediate >>> 32);
    }
    words[size - 1] = offset;
  }

  void constant(int d, long bits) {
    if (bits == (int) bits) {
      emit(Ops.CONST32, d, (int) bits);
    } else {
      int at = begin(Ops.CONST64);
      words[at + 1] = d;
      words[at + 2] = (int) bits;
      words[at + 3] = (int) (bits >>> 32);
    }
  }

  void emit(Node node) {
    emit(0, node);
  }

  /** A node that shapes may end with. */
  void emit(int op, Node node) {
    int at = begin(op);
    words[at + 1] = specials.size();
    specials.add(node);
  }

  /** Makes the last instruction put its result, now in slot {@code from}, to slot {@code to}. */
  boolean redirect(int from, int to) {
    if (last < 0) {
      return false;
    }
    int op = words[last];
    if (Ops.IS_NODE[op]) {
      return specials.get(words[last + 1]).redirect(from, to);
    }
    if (Ops.RESULT[op] == 0 || words[last + 1] != from) {
      return false;
    }
    words[last + 1] = to;
    return true;
  }

  /** Turns the last instruction into the opposite comparison if it is one with this result. */
  boolean invert(int slot) {
    if (last < 0 || words[last + 1] != slot || Ops.INVERSE[words[last]] == 0) {
      return false;
    }
    words[last] = Ops.INVERSE[words[last]];
    return true;
  }

  /** Gives the instructions fuel that the store is charged for by the next node. */
  int charge() {
    int charged = w;
    w = 0;
    return charged;
  }

  // Branches.

  void bind(Label label, int w) {
    label.bind(words, size, w);
    this.w = w;
    last = -1;
  }

  /** Forgets the last instruction, which then stays as it is. */
  void seal() {
    last = -1;
  }

  /**
   * Holds the condition in a slot for {@link #branch}; if the last instruction is the comparison
   * that made it, that is taken back and will be part of the branch.
   *
   * @param temporary whether nobody else reads the slot
   */
  void takeCondition(int slot, boolean temporary) {
    if (temporary && last >= 0 && Ops.BRANCH[words[last]] != 0 && words[last + 1] == slot) {
      int op = words[last];
      boolean zero = (op == Ops.I32_EQ_I || op == Ops.I32_NE_I) && words[last + 3] == 0;
      if (zero) {
        condition[0] = op == Ops.I32_NE_I ? Ops.BR_IF : Ops.BR_IF_NOT;
        condition[1] = words[last + 2];
        conditionWords = 2;
      } else {
        conditionWords = Ops.WORDS[op] - 1;
        condition[0] = op;
        System.arraycopy(words, last + 2, condition, 1, conditionWords - 1);
      }
      size = last;
      last = -1;
    } else {
      condition[0] = Ops.BR_IF;
      condition[1] = slot;
      conditionWords = 2;
    }
  }

  /** Branches if the taken condition is {@code sense}. */
  void branch(boolean sense, Label label) {
    int op = condition[0];
    if (op == Ops.BR_IF || op == Ops.BR_IF_NOT) {
      op = sense == (op == Ops.BR_IF) ? Ops.BR_IF : Ops.BR_IF_NOT;
    } else {
      op = sense ? Ops.BRANCH[op] : Ops.BRANCH_NOT[op];
    }
    // The branch back to a header is the next operation.
    int at = begin(label.pc < 0 ? op : op + 1);
    System.arraycopy(condition, 1, words, at + 1, conditionWords - 1);
    target(at + conditionWords, label);
    last = -1;
  }

  /** The next operation is the header of the loop at {@code loopOffset}. */
  void header(int loopOffset) {
    if (headerCount == headers.length) {
      headers = Arrays.copyOf(headers, 2 * headerCount);
    }
    headers[headerCount++] = size;
    headers[headerCount++] = loopOffset;
  }

  int[] headers() {
    return Arrays.copyOf(headers, headerCount);
  }

  private int[] headers = new int[4];
  private int headerCount;

  void jump(Label label) {
    int at = begin(label.pc < 0 ? Ops.GOTO : Ops.LOOP_GOTO);
    target(at + 1, label);
    last = -1;
  }

  private void target(int at, Label label) {
    words[at] = label.pc;
    words[at + 1] = w - label.w;
    if (label.pc < 0) {
      label.from(at);
    }
  }

  /** The way from a handler, where everything has been charged, to a label. */
  Jump jumpFromHandler(Label label) {
    Jump jump = new Jump(label.pc, -label.w, label.pc >= 0);
    if (label.pc < 0) {
      label.from(jump);
    }
    return jump;
  }

  /** A branch of a node. */
  Jump jumpOf(Label label) {
    Jump jump = new Jump(label.pc, w - label.w, label.pc >= 0);
    if (label.pc < 0) {
      label.from(jump);
    }
    return jump;
  }
}
