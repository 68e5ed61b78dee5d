package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The regions of a split function, and what they know of each other. */
final class Regions {
  final List<Region> all;
  final Liveness liveness;

  /** Variables that have a home in the frame. */
  final TreeSet<Integer> framed = new TreeSet<>();

  private final Map<Block, Region> owner = new HashMap<>();
  private final Map<Block, Integer> tables = new HashMap<>();

  Regions(FunctionIr ir, List<Region> all, Liveness liveness) {
    this.all = all;
    this.liveness = liveness;
    for (Region region : all) {
      for (Block block : region.blocks.subList(0, region.owned)) {
        owner.put(block, region);
      }
    }
    entryId(ir.blocks.getFirst());
    LoopEntries.of(ir).forEach(this::entryId);
    for (Region region : all) {
      for (Block block : region.blocks) {
        for (Block target : block.targets) {
          if (!region.contains(target) || RegionFlow.dispatches(block)) {
            entryId(target);
          }
        }
        if (block.handler != null && !region.contains(block.handler.landing)) {
          entryId(block.handler.landing);
        }
        if (block.exit == Exit.TABLE) {
          tables.putIfAbsent(block, tables.size());
        }
      }
    }
    for (int number = 0; number < liveness.variable.length; number++) {
      framed.add(liveness.variable[number]);
    }
  }

  /** The number of an entry: where a block is entered from other regions. */
  int entryId(Block block) {
    return owner.get(block).entryId(block);
  }

  int tableNumber(Block block) {
    return tables.get(block);
  }
}
