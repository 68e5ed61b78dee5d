package dev.capsule.engine.interpreter;

import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.List;

/**
 * The operand stack while a function is lowered. An operand lies in its home slot, or is a local
 * that has not been copied, or a constant that is nowhere yet.
 */
final class Operands {
  private static final byte HOME = 0;
  private static final byte LOCAL = 1;
  private static final byte CONST = 2;

  /** What operands are, as far as frames are concerned. */
  static final byte NUMBER = 0;

  static final byte VECTOR = 1;
  static final byte REFERENCE = 2;

  private final Code code;
  private final int base;

  private byte[] kind = new byte[32];
  private byte[] type = new byte[32];
  private int[] slot = new int[32];
  private int[] home = new int[32];
  private long[] bits = new long[32];

  /** The number of operands. */
  int count;

  /** The first slot above the operands. */
  int height;

  /** Slots that hold no operand of the program. */
  int hidden;

  /** The greatest height so far, and the greatest number of slots of the program's operands. */
  int top;

  int most;

  /** Whether references were seen. */
  boolean refs;

  private int pendingLocals;

  Operands(Code code, int base) {
    this.code = code;
    this.base = base;
    this.height = base;
    this.top = base;
  }

  static byte type(ValType type) {
    return type.isRef() ? REFERENCE : type.slots() == 2 ? VECTOR : NUMBER;
  }

  private void push(byte type, byte kind, int slot, long bits) {
    if (count == home.length) {
      int length = 2 * count;
      this.kind = Arrays.copyOf(this.kind, length);
      this.type = Arrays.copyOf(this.type, length);
      this.slot = Arrays.copyOf(this.slot, length);
      this.home = Arrays.copyOf(this.home, length);
      this.bits = Arrays.copyOf(this.bits, length);
    }
    this.kind[count] = kind;
    this.type[count] = type;
    this.slot[count] = slot;
    this.home[count] = height;
    this.bits[count] = bits;
    count++;
    height += type == VECTOR ? 2 : 1;
    if (height > top) {
      top = height;
    }
    if (height - base - hidden > most) {
      most = height - base - hidden;
    }
    if (type == REFERENCE) {
      refs = true;
    }
  }

  /** Pushes an operand that the next instruction puts into its home; gives that slot. */
  int push(byte type) {
    push(type, HOME, height, 0);
    return home[count - 1];
  }

  void push(List<ValType> types) {
    for (int i = 0; i < types.size(); i++) {
      push(type(types.get(i)));
    }
  }

  void pushLocal(byte type, int local) {
    push(type, LOCAL, local, 0);
    pendingLocals++;
  }

  void pushConstant(long value) {
    push(NUMBER, CONST, 0, value);
  }

  /** Pops; what the operand was can be asked until the next push. */
  int pop() {
    count--;
    height = home[count];
    if (kind[count] == LOCAL) {
      pendingLocals--;
    }
    return count;
  }

  void pop(int operands) {
    for (int i = 0; i < operands; i++) {
      pop();
    }
  }

  byte type(int operand) {
    return type[operand];
  }

  int home(int operand) {
    return home[operand];
  }

  boolean isConstant(int operand) {
    return kind[operand] == CONST;
  }

  boolean isHome(int operand) {
    return kind[operand] == HOME;
  }

  long constant(int operand) {
    return bits[operand];
  }

  /** The slot to read an operand from. */
  int use(int operand) {
    if (kind[operand] == CONST) {
      code.constant(home[operand], bits[operand]);
      kind[operand] = HOME;
      slot[operand] = home[operand];
    }
    return slot[operand];
  }

  /** Brings an operand that is on the stack home. */
  int settle(int operand) {
    if (kind[operand] == LOCAL) {
      pendingLocals--;
    }
    settlePopped(operand);
    return home[operand];
  }

  /** Brings an operand home that has just been popped. */
  void settlePopped(int operand) {
    if (kind[operand] != HOME) {
      copy(operand, home[operand]);
      kind[operand] = HOME;
      slot[operand] = home[operand];
    }
  }

  /** Copies an operand to a slot; unless it is there. */
  void copy(int operand, int to) {
    if (kind[operand] == CONST) {
      code.constant(to, bits[operand]);
    } else if (slot[operand] != to) {
      move(type[operand], to, slot[operand]);
    }
  }

  /** Emits a move between slots. */
  void move(byte type, int to, int from) {
    switch (type) {
      case REFERENCE -> code.emit(new VariableNodes.MoveRef(to, from));
      case VECTOR -> {
        code.emit(Ops.MOVE, to, from);
        code.emit(Ops.MOVE, to + 1, from + 1);
        code.seal();
      }
      default -> code.emit(Ops.MOVE, to, from);
    }
  }

  /** Brings the topmost operands home. */
  void settleTop(int operands) {
    for (int i = count - operands; i < count; i++) {
      settle(i);
    }
  }

  /** Brings everything home that a change of a local would spoil. */
  void settleLocals() {
    for (int i = count - 1; pendingLocals > 0; i--) {
      if (kind[i] == LOCAL) {
        settle(i);
      }
    }
  }

  /**
   * Brings home the uses of one local.
   *
   * @return whether there were any
   */
  boolean settleLocal(int local) {
    if (pendingLocals == 0) {
      return false;
    }
    boolean any = false;
    for (int i = 0; i < count; i++) {
      if (kind[i] == LOCAL && slot[i] == local) {
        settle(i);
        any = true;
      }
    }
    return any;
  }

  /** Whether the topmost operands lie in order from a slot on. */
  boolean lieAt(int operands, int from) {
    return operands == 0 || home[count - operands] == from;
  }

  /** Copies the topmost operands to consecutive slots at or below their homes. */
  void copyTop(int operands, int to) {
    int target = to;
    for (int i = count - operands; i < count; i++) {
      copy(i, target);
      target += type[i] == VECTOR ? 2 : 1;
    }
  }

  /** Drops operands until there are {@code operands}. */
  void cut(int operands) {
    while (count > operands) {
      pop();
    }
  }
}
