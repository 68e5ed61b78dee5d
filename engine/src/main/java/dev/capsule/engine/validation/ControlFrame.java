package dev.capsule.engine.validation;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** An entry of the control stack (spec A.3): a block that is open at the current instruction. */
public final class ControlFrame {
  final Opcode opcode;
  final List<ValType> params;
  final List<ValType> results;
  final int height;
  final int start;
  final int initialised;
  boolean unreachable;

  ControlFrame(
      Opcode opcode,
      List<ValType> params,
      List<ValType> results,
      int height,
      int start,
      int initialised) {
    this.opcode = opcode;
    this.params = params;
    this.results = results;
    this.height = height;
    this.start = start;
    this.initialised = initialised;
  }

  /**
   * The instruction that opened it: a block instruction, or {@code else}, {@code catch}, {@code
   * catch_all} in the later parts of one; {@code block} for the function itself.
   */
  public Opcode opcode() {
    return opcode;
  }

  /** What the block takes from the operand stack; for {@code catch}, what the tag carries. */
  public List<ValType> params() {
    return params;
  }

  /** What the block leaves on the operand stack. */
  public List<ValType> results() {
    return results;
  }

  /** What a branch to this block takes along. */
  public List<ValType> labelTypes() {
    return opcode == Opcode.LOOP ? params : results;
  }

  /** The number of operands below the block's own, its parameters not counted. */
  public int height() {
    return height;
  }

  /** The position in the code's array of the opening instruction, or -1 for the function itself. */
  public int start() {
    return start;
  }

  /** Whether the end of this block cannot be reached from the current instruction. */
  public boolean unreachable() {
    return unreachable;
  }
}
