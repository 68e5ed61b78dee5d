package nodes;

import java.util.List;

/** A lowered instruction. In {@code code}, {@code $0} to {@code $9} are slots and immediates. */
record Op(String name, Kind kind, List<Operand> operands, char result, String code, boolean traps) {
  int words() {
    return 1 + operands.stream().mapToInt(Operand::words).sum();
  }

  /** What an operand is: its name in code, and for those that are values its type. */
  record Operand(char role, char type) {
    int words() {
      return switch (role) {
        case 't' -> 2;
        case 'i' -> type == 'l' || type == 'd' ? 2 : 1;
        default -> 1;
      };
    }
  }

  enum Kind {
    VALUE,
    VECTOR,
    EFFECT,
    BRANCH,
    GOTO,
    RETURN,
    /** A node that exists already, and shapes may end with: {@code code} is its class. */
    NODE
  }
}
