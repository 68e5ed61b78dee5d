package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What moves between a region's JVM locals and the function's frame: an entry loads what the region
 * may read before it writes it; a write goes to the frame too if what it wrote may still be wanted
 * after the region is left. So leaving takes no moves.
 */
final class RegionFlow {
  private final Region region;
  private final Liveness liveness;

  /** By position in the region: what may be read from there before it is written, in the region. */
  private final BlockSet wanted;

  /** By position: what of the values at the block's end may be wanted outside. */
  private final BlockSet escaping;

  /** The same of the values at its start, whichever way control leaves it. */
  private final BlockSet entering;

  private final BlockSet defines;

  RegionFlow(Region region, Liveness liveness) {
    this.region = region;
    this.liveness = liveness;
    int size = region.blocks.size();
    int variables = liveness.variable.length;
    this.wanted = new BlockSet(size, variables);
    this.escaping = new BlockSet(size, variables);
    this.entering = new BlockSet(size, variables);
    this.defines = liveness.defines;
    solve();
  }

  /**
   * Whether a dispatch reads its targets' values from the frame even where they are in the region.
   */
  static boolean dispatches(Block block) {
    return block.exit == Exit.TABLE && block.targets.length >= Partition.DISPATCH_TARGETS;
  }

  private void solve() {
    List<Block> blocks = region.blocks;
    for (int i = 0; i < blocks.size(); i++) {
      wanted.addAll(i, liveness.uses, blocks.get(i).id);
      for (Block target : blocks.get(i).targets) {
        if (!region.contains(target) || dispatches(blocks.get(i))) {
          escaping.addAll(i, liveness.liveIn, target.id);
        }
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        Block block = blocks.get(i);
        for (Block target : block.targets) {
          Integer at = dispatches(block) ? null : region.position.get(target);
          if (at != null) {
            changed |= wanted.addDifference(i, wanted, at, defines, block.id);
            changed |= escaping.addAll(i, entering, at);
          }
        }
        changed |= entering.addDifference(i, escaping, i, defines, block.id);
        if (block.handler != null) {
          // An exception may come before anything is written here.
          Block landing = block.handler.landing;
          Integer at = region.position.get(landing);
          if (at != null) {
            changed |= wanted.addAll(i, wanted, at);
            changed |= entering.addAll(i, entering, at);
          } else {
            changed |= entering.addAll(i, liveness.liveIn, landing.id);
          }
        }
      }
    }
  }

  /** The variables that an entry at a block of the region loads. */
  int[] loads(Block block) {
    int[] numbers = wanted.members(region.position.get(block));
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = liveness.variable[numbers[i]];
    }
    return numbers;
  }

  /** Whether a value that a handler finds may be wanted outside of the region. */
  private boolean escapes(Block landing, int number) {
    Integer inside = region.position.get(landing);
    return inside == null ? liveness.liveIn.has(landing.id, number) : entering.has(inside, number);
  }

  /** Marks the writes of a block that go to the frame. */
  void markWrites(Block block) {
    int at = region.position.get(block);
    Block landing = block.handler == null ? null : block.handler.landing;
    Set<Integer> later = new HashSet<>();
    for (int i = block.code.size() - 1; i >= 0; i--) {
      Ins ins = block.code.get(i);
      int written = Liveness.writes(ins);
      if (written < 0) {
        continue;
      }
      int number = liveness.number[written];
      boolean last = later.add(written);
      ins.writeThrough =
          number >= 0
              && (last && escaping.has(at, number) || landing != null && escapes(landing, number));
    }
  }
}
