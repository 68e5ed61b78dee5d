package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ModuleInstance;

/** An instruction that moves a range of bytes or elements, with three numbers as operands. */
final class RangeNode extends BulkNode {
  /** What is moved. */
  interface Move {
    void move(ModuleInstance in, long target, long source, long length);
  }

  private final Move move;
  private final boolean wideTarget;
  private final boolean wideSource;
  private final boolean wideLength;
  private final int target;
  private final int source;
  private final int length;

  RangeNode(
      Move move,
      boolean wideTarget,
      boolean wideSource,
      boolean wideLength,
      int target,
      int source,
      int length,
      int w) {
    super(w);
    this.move = move;
    this.wideTarget = wideTarget;
    this.wideSource = wideSource;
    this.wideLength = wideLength;
    this.target = target;
    this.source = source;
    this.length = length;
  }

  @Override
  void move(ModuleInstance in, long[] st, int fp) {
    move.move(
        in,
        MemoryNodes.address(st[fp + target], wideTarget),
        MemoryNodes.address(st[fp + source], wideSource),
        MemoryNodes.address(st[fp + length], wideLength));
  }
}
