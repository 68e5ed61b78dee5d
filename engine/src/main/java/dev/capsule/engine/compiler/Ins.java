package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FuelPoints;
import dev.capsule.engine.module.Opcode;

/**
 * One step of a block's linear code, on the JVM's operand stack. Most steps are Wasm instructions
 * with their immediates; the rest move values between the stack and variables.
 */
final class Ins {
  /** What a step does. */
  enum Kind {
    /** Pushes variable {@code a}. */
    GET,
    /** Pops into variable {@code a}. */
    SET,
    /** Drops the top value, whose kind is {@code a}. */
    POP,
    /** Pops two halves; pushes a vector of kind {@code V}. */
    PACK,
    /** Executes {@link #opcode}. */
    OP,
    /** Pops the exception that the JVM handler got into variable {@code a}; restores the store. */
    CAUGHT,
    /** Pushes whether the exception in variable {@code a} has tag {@code b}. */
    HAS_TAG,
    /**
     * Pushes value number {@code b} of kind {@code (char) x}, in slot {@code y}, of exception
     * {@code a}.
     */
    EXCEPTION_VALUE,
    /** Pushes the {@code exnref} of exception {@code a}. */
    EXCEPTION_REF,
    /**
     * Copies {@code operands} to slots from number {@code a} of {@code b} in all; {@code o}: kinds.
     */
    TO_SLOTS,
    /** Pushes what is in slot {@code a}, of kind {@code (char) b}. */
    FROM_SLOT,
    /**
     * Compares fuel at a loop header or function entry; goes on at block {@code o}, where there is
     * one, after it had to ask for some.
     */
    CHECK_FUEL,
    /**
     * Compares fuel behind a call or where an exception was caught, out of line and with values on
     * the JVM's stack: {@code x} units have been consumed but not charged. Polls if that is due
     * where no fuel is counted.
     */
    COMPARE,
    /** In place of {@code CHECK_FUEL} where no fuel is counted: polls if that is due. */
    CHECK_DUE,
    /** Charges {@code x} units of fuel. */
    CHARGE,
    /** Pushes how many rounds a loop is sure to make from here; see {@link FastLoops}. */
    ROUNDS,
    /** Pushes the fuel that {@code a} rounds take at most, and the fuel there is. */
    COVERED,
    /** Pushes for how many of {@code a} rounds the store has fuel when it has been asked. */
    EXTEND,
    /** Begins to count the fuel that a loop takes; {@code a}: in variables of its own. */
    ENTER_LOOP,
    /**
     * Leaves the value on the stack, of kind {@code (char) a}, as it is, but HotSpot does not know.
     */
    RENEW,
    /** Charges what has been counted. */
    LEAVE_LOOP
  }

  final Kind kind;
  final Opcode opcode;
  int a;
  int b;
  long x;
  long y;
  Object o;

  /**
   * Variables that hold the operands, for instructions that do not take them from the JVM's stack.
   */
  int[] operands;

  /** By operand in a variable: whether it is a vector, which takes the next variable as well. */
  boolean[] vectors;

  /** The fuel that this step takes. */
  int cost;

  /** Offset of the instruction in the module's bytes; -1 where it stands for none. */
  int offset = -1;

  /** A {@code SET} in a region: whether the variable's home in the frame is written too. */
  boolean writeThrough;

  Ins(Kind kind, Opcode opcode) {
    this.kind = kind;
    this.opcode = opcode;
  }

  /**
   * In {@code a} of the {@code CHECK_FUEL} with which functions begin, which is the prologue's; it
   * compares nothing in short functions.
   */
  static final int ENTRY = 1;

  static Ins of(Kind kind, int a, int b) {
    Ins ins = new Ins(kind, null);
    ins.a = a;
    ins.b = b;
    return ins;
  }

  static Ins get(int variable) {
    return of(Kind.GET, variable, 0);
  }

  static Ins set(int variable) {
    return of(Kind.SET, variable, 0);
  }

  /**
   * Whether fuel has to be exact before this step, but for what is charged for a callee and at
   * calls of short functions.
   */
  boolean isCall() {
    return kind == Kind.OP && FuelPoints.isExactBefore(opcode);
  }

  boolean isVector(int operand) {
    return vectors[operand];
  }

  /** Whether nothing after this step in its block is reached. */
  boolean endsBlock() {
    return switch (opcode) {
      case THROW, THROW_REF, RETHROW, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return (kind == Kind.OP ? opcode.mnemonic() : kind.name()) + " " + a + " " + b;
  }
}
