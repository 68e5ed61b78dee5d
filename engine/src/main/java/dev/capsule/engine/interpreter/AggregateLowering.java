package dev.capsule.engine.interpreter;

import dev.capsule.engine.module.Opcode;

final class AggregateLowering {
  AggregateLowering(Lowering to) {}

  void lower(Opcode op) {
    throw new UnsupportedOperationException(op.toString());
  }
}
