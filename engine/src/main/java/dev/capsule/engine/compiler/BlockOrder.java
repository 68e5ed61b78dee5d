package dev.capsule.engine.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the blocks that can be reached, numbered in the order of the code. */
final class BlockOrder {
  private BlockOrder() {}

  static void arrange(FunctionIr ir, List<Block> blocks) {
    Set<Block> reached = new HashSet<>();
    ArrayDeque<Block> work = new ArrayDeque<>();
    work.add(blocks.getFirst());
    reached.add(blocks.getFirst());
    while (!work.isEmpty()) {
      Block block = work.removeLast();
      for (Block target : block.targets) {
        if (reached.add(target)) {
          work.add(target);
        }
      }
      if (block.handler != null && reached.add(block.handler.landing)) {
        work.add(block.handler.landing);
      }
    }
    List<Block> kept = new ArrayList<>(reached.size());
    for (Block block : blocks) {
      if (reached.contains(block)) {
        block.id = kept.size();
        kept.add(block);
      }
    }
    ir.blocks.clear();
    ir.blocks.addAll(kept);
  }
}
