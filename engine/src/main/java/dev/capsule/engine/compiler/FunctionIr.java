package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A function as basic blocks over variables. A variable has one JVM kind: {@code I J F D} or {@code
 * A} for references; a vector takes two of kind {@code J}, low half first, or one of kind {@code V}
 * (see {@link VectorApi}). The first variables are the function's parameters and locals in order,
 * the others hold operands across block borders.
 */
final class FunctionIr {
  final FunctionCode function;

  /** Blocks that can be reached, in the order of the code; the first is the entry. */
  final List<Block> blocks = new ArrayList<>();

  /** By local index: the first variable. */
  int[] localVariable;

  /**
   * By parameter: the first of two variables that the caller's halves of a vector are in, where the
   * parameter itself is one of kind {@code V}; else -1.
   */
  int[] parameterHalves;

  /** Slots of parameters and locals in an interpreter frame, and at most of operands. */
  int localSlots;

  int operandSlots;

  boolean hasHandlers;
  boolean hasTailCalls;

  ValType[] localTypes;

  /** Whether a vector is one variable of kind {@code V}, an object of the Vector API. */
  final boolean vectors;

  /** Whether there is such a variable. */
  boolean hasVectors;

  /** Whether a vector is where only two halves can be. */
  boolean needsHalves;

  private char[] kinds = new char[64];
  private int variables;
  private final Map<Long, Integer> operandVariables = new HashMap<>();

  FunctionIr(FunctionCode function, boolean vectors) {
    this.function = function;
    this.vectors = vectors;
  }

  /** The number of variables that a value of a type takes. */
  int width(ValType type) {
    return vectors ? 1 : type.slots();
  }

  int variable(char kind) {
    if (variables == kinds.length) {
      kinds = Arrays.copyOf(kinds, variables * 2);
    }
    kinds[variables] = kind;
    return variables++;
  }

  ValType localType(int local) {
    return localTypes[local];
  }

  int variables() {
    return variables;
  }

  char kind(int variable) {
    return kinds[variable];
  }

  /** The variable, or the first of two, for a value of a type. */
  int variable(ValType type) {
    char kind = kindOf(type);
    if (kind == 'V' && !vectors) {
      int low = variable('J');
      variable('J');
      return low;
    }
    hasVectors |= kind == 'V';
    return variable(kind);
  }

  /** The variable that holds an operand of a type at a position of the operand stack. */
  int operand(int position, ValType type) {
    return operandVariables.computeIfAbsent(
        (long) position << 8 | kindOf(type), key -> variable(type));
  }

  /** The JVM kind of a type; {@code V} for vectors, which are two values of kind {@code J}. */
  static char kindOf(ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> 'I';
            case I64 -> 'J';
            case F32 -> 'F';
            case F64 -> 'D';
          };
      case VecType vec -> 'V';
      case RefType ref -> 'A';
    };
  }
}
