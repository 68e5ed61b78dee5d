package dev.capsule.engine.compiler;

import dev.capsule.engine.module.Immediate;
import java.util.BitSet;
import java.util.List;

/**
 * Where the blocks of a method access the array of memory 0, so that its bytes are loaded, and
 * loaded again after calls, only where something comes of it. HotSpot drops loads that nobody
 * wants, but not the question whether there is a bound; and short methods are inlined sooner.
 */
final class MemoryUse {
  /** By number, blocks that may access memory before anything is called, in them or after them. */
  private final BitSet wanting = new BitSet();

  private boolean accesses;

  /** Atomic accesses go through {@code LinearMemory}. */
  private static final int ATOMICS = 0xFE;

  private MemoryUse() {}

  static MemoryUse of(List<Block> blocks) {
    MemoryUse use = new MemoryUse();
    BitSet calling = new BitSet();
    for (Block block : blocks) {
      boolean called = false;
      for (Ins ins : block.code) {
        if (accesses(ins)) {
          use.accesses = true;
          if (!called) {
            use.wanting.set(block.id);
          }
        }
        called |= calls(ins);
      }
      if (called) {
        calling.set(block.id);
      }
    }
    boolean changed = use.accesses;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        Block block = blocks.get(i);
        if (!calling.get(block.id) && !use.wanting.get(block.id) && use.follows(block)) {
          use.wanting.set(block.id);
          changed = true;
        }
      }
    }
    return use;
  }

  /** Whether a block that wants memory comes next. */
  private boolean follows(Block block) {
    for (Block target : block.targets) {
      if (wanting.get(target.id)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the array is accessed at all. */
  boolean accesses() {
    return accesses;
  }

  /** Whether memory may be accessed from a step of a block on, before anything is called. */
  boolean wantedAt(Block block, int from) {
    for (Ins ins : block.code.subList(from, block.code.size())) {
      if (accesses(ins)) {
        return true;
      }
      if (calls(ins)) {
        return false;
      }
    }
    return follows(block);
  }

  /** Whether other code runs in a step, after which memory is loaded again. */
  static boolean calls(Ins ins) {
    if (ins.kind != Ins.Kind.OP) {
      return false;
    }
    return switch (ins.opcode) {
      case CALL, CALL_INDIRECT, CALL_REF -> true;
      default -> false;
    };
  }

  private static boolean accesses(Ins ins) {
    if (ins.kind != Ins.Kind.OP || ins.a != 0 || ins.opcode.prefix() == ATOMICS) {
      return false;
    }
    Immediate immediate = ins.opcode.immediate();
    return immediate == Immediate.MEMARG || immediate == Immediate.MEMARG_LANE;
  }
}
