package dev.capsule.engine.interpreter;

import dev.capsule.engine.module.Opcode;

final class AtomicLowering {
  static void lower(Lowering to, Opcode op) {
    throw new UnsupportedOperationException(op.toString());
  }
}
