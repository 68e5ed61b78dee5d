package dev.capsule.engine.compiler;

import dev.capsule.engine.module.Opcode;
import java.util.ArrayList;
import java.util.List;

/**
 * A basic block: linear code with an empty JVM operand stack at both ends, and how it ends. Values
 * that survive a border lie in variables.
 */
final class Block {
  /** How a block ends. */
  enum Exit {
    /** Goes to {@code targets[0]}. */
    GOTO,
    /** Pops what {@code condition} needs; goes to {@code targets[0]} where it holds, else [1]. */
    BRANCH,
    /** Pops an index; goes to {@code targets[min(index, last)]}. */
    TABLE,
    /** Pops the results and leaves the function. */
    RETURN,
    /** Never gets here: the last step throws, or leaves by a tail call. */
    NEVER
  }

  /** What a {@code BRANCH} tests. */
  enum Condition {
    /** An i32 is not zero, or the comparison {@code conditionOp} holds. */
    TRUE,
    FALSE,
    NULL,
    NON_NULL
  }

  int id;
  final List<Ins> code = new ArrayList<>();
  Exit exit = Exit.NEVER;
  Condition condition;

  /** A comparison fused into the branch; null for a plain i32. */
  Opcode conditionOp;

  Block[] targets = {};

  /** The fuel that the ending instruction takes by itself. */
  int exitCost;

  /** Whether a loop begins here. */
  boolean loop;

  /** Nesting of loops, for the partition and the placement of charges. */
  int loopDepth;

  /**
   * Offset of the {@code loop} instruction where the interpreter may enter this header, else -1.
   */
  int loopOffset = -1;

  /** Where an exception goes that is thrown in this block; null for out of the function. */
  Handler handler;

  /** Set where this block is the entry of a handler: the JVM pushes the exception. */
  boolean landing;

  /** Charges on the edges to the targets, by position; null for none. */
  long[] edgeCharge;

  /** What code before this point has consumed but not charged, at the block's start. */
  long pendingIn;

  /** Whether this is in the fast version of a loop, which counts the fuel that it takes. */
  boolean counting;

  /** Whether that has variables of its own. */
  boolean apart;

  /** A scope of {@code try} or {@code try_table}. */
  static final class Handler {
    final Handler outer;
    final Block landing = new Block();

    Handler(Handler outer) {
      this.outer = outer;
      landing.landing = true;
      landing.handler = outer;
    }
  }

  boolean calls() {
    return code.stream().anyMatch(Ins::isCall);
  }

  /** Whether fuel is compared here: a loop's header, or the function's entry. */
  boolean isHeader() {
    return !code.isEmpty() && code.getFirst().kind == Ins.Kind.CHECK_FUEL;
  }

  void exit(Exit exit, Block... targets) {
    this.exit = exit;
    this.targets = targets;
  }
}
