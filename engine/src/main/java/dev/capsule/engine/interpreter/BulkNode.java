package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ModuleInstance;

/** An instruction that moves any number of bytes or elements and has no result. */
abstract class BulkNode extends Node {
  private final int w;

  /**
   * @param w what has been executed since the last charge, which is charged before anything moves
   */
  BulkNode(int w) {
    this.w = w;
  }

  @Override
  final Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
    in.store.fuel -= w;
    move(in, st, fp);
    return next;
  }

  /** Moves, and charges what that costs. */
  abstract void move(ModuleInstance in, long[] st, int fp);
}
