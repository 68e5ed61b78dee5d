package dev.capsule.engine.compiler;

import dev.capsule.engine.module.Opcode;

/** Comparisons that a conditional branch takes over. */
final class Comparisons {
  private Comparisons() {}

  static boolean fuses(Opcode op) {
    return op.ordinal() >= Opcode.I32_EQZ.ordinal() && op.ordinal() <= Opcode.F64_GE.ordinal();
  }
}
