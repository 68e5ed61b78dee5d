package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** An open block of a function that is being generated. */
final class Frame {
  final Opcode opcode;

  /** What a branch to it takes along. */
  final List<ValType> label;

  final List<ValType> results;

  /** Operands below this block's own. */
  final int height;

  /** Whether the rest of the block cannot be reached. */
  boolean unreachable;

  Frame(Opcode opcode, List<ValType> label, List<ValType> results, int height) {
    this.opcode = opcode;
    this.label = label;
    this.results = results;
    this.height = height;
  }
}
