package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import java.util.ArrayList;
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

  /** By position: what is in the frame alone at its start, since it may come from outside. */
  private BlockSet framed;

  /** By position: what of the values at the block's end this region may read from the frame. */
  private BlockSet reread;

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
   * Finds where the frame is a variable's home, if a region has such variables: where control comes
   * in, and on from there until the variable is written. What is written where such a place may
   * follow, and is read there, has to be in the frame as well.
   */
  void solveHomes() {
    List<Block> blocks = region.blocks;
    framed = new BlockSet(blocks.size(), liveness.variable.length);
    reread = new BlockSet(blocks.size(), liveness.variable.length);
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).landing || region.entries.containsKey(blocks.get(i))) {
        framed.fill(i);
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        for (Integer at : following(block)) {
          changed |= framed.addDifference(at, framed, i, defines, block.id);
        }
      }
    }
    changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks.size() - 1; i >= 0; i--) {
        for (Integer at : following(blocks.get(i))) {
          changed |= reread.addBoth(i, wanted, framed, at);
          changed |= reread.addDifference(i, reread, at, defines, blocks.get(at).id);
          Block.Handler handler = blocks.get(at).handler;
          Integer landing = handler == null ? null : region.position.get(handler.landing);
          if (landing != null) {
            // An exception may come before anything is written there.
            changed |= reread.addAll(i, wanted, landing);
          }
        }
      }
    }
  }

  /** The positions of the blocks that a block goes on to without leaving or dispatching. */
  private List<Integer> following(Block block) {
    List<Integer> positions = new ArrayList<>(2);
    if (!dispatches(block)) {
      for (Block target : block.targets) {
        Integer at = region.position.get(target);
        if (at != null) {
          positions.add(at);
        }
      }
    }
    return positions;
  }

  /** Whether the frame is where a block finds a variable, other than one that has a JVM local. */
  boolean inFrame(Block block, int variable) {
    int number = liveness.number[variable];
    return number >= 0 && framed.has(region.position.get(block), number);
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

  /**
   * Marks the writes of a block that go to the frame.
   *
   * @param mixed variables that blocks look for in the frame where {@link #inFrame} says so
   */
  void markWrites(Block block, Set<Integer> mixed) {
    int at = region.position.get(block);
    Block landing = block.handler == null ? null : block.handler.landing;
    Integer inside = landing == null ? null : region.position.get(landing);
    Set<Integer> later = new HashSet<>();
    for (int i = block.code.size() - 1; i >= 0; i--) {
      Ins ins = block.code.get(i);
      int written = Liveness.writes(ins);
      if (written < 0) {
        continue;
      }
      int number = liveness.number[written];
      boolean last = later.add(written);
      if (number < 0) {
        ins.writeThrough = false;
        continue;
      }
      boolean outside =
          last && escaping.has(at, number) || landing != null && escapes(landing, number);
      boolean here =
          mixed.contains(written)
              && (last && reread.has(at, number) || inside != null && wanted.has(inside, number));
      ins.writeThrough = outside || here;
    }
  }
}
