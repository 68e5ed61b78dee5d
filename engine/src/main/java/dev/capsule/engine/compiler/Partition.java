package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cuts a function into regions: consecutive blocks in the order of the code, chosen by dynamic
 * programming so that edges that run often stay inside, and each region's size is bounded.
 */
final class Partition {
  /** A branch table with at least this many targets is dispatch, which is copied. */
  static final int DISPATCH_TARGETS = 16;

  private static final int SMALL = 50;
  private static final int MANY_PREDECESSORS = 6;

  /** What a copy counts for at least, in bytes: blocks without code are not for nothing. */
  private static final int LEAST_COPY = 8;

  /** What a region costs by being one. */
  private static final double REGION_COST = 2;

  private final List<Block> blocks;
  private final int[] sizes;
  private final int capacity;
  private final List<List<Edge>> edges = new ArrayList<>();
  private final int[] predecessors;
  private final Set<Block> copied = new HashSet<>();

  /** An edge as seen from one of its ends. */
  private record Edge(int other, double weight) {}

  private Partition(List<Block> blocks, int[] sizes, int capacity) {
    this.blocks = blocks;
    this.sizes = sizes;
    this.predecessors = new int[blocks.size()];
    for (Block block : blocks) {
      for (Block target : block.targets) {
        predecessors[target.id]++;
      }
    }
    findCopied();
    int copies = 0;
    for (Block block : copied) {
      copies = Math.max(copies, sizes[block.id]);
    }
    this.capacity = Math.max(capacity / 2, capacity - copies);
  }

  /**
   * Cuts blocks into regions.
   *
   * @param sizes estimated bytes by block
   * @param capacity bytes that a region may have
   */
  static List<Region> of(List<Block> blocks, int[] sizes, int capacity) {
    return new Partition(blocks, sizes, capacity).cut();
  }

  /** Small blocks through which most of the function's paths go: they are copied where reached. */
  private void findCopied() {
    for (Block block : blocks) {
      if (block.exit == Exit.TABLE && block.targets.length >= DISPATCH_TARGETS && small(block)) {
        copied.add(block);
      }
    }
    Map<Block, List<Block>> before = new HashMap<>();
    for (Block block : blocks) {
      if (block.exit == Exit.GOTO && small(block)) {
        before.computeIfAbsent(block.targets[0], key -> new ArrayList<>()).add(block);
      }
    }
    ArrayDeque<Block> work = new ArrayDeque<>(copied);
    while (!work.isEmpty()) {
      for (Block block : before.getOrDefault(work.remove(), List.of())) {
        if (copied.add(block)) {
          work.add(block);
        }
      }
    }
    for (Block block : blocks) {
      if (predecessors[block.id] >= MANY_PREDECESSORS
          && sizes[block.id] <= SMALL
          && !block.landing
          && block.exit != Exit.TABLE
          && !block.isHeader()) {
        copied.add(block);
      }
    }
    copied.remove(blocks.getFirst());
  }

  private boolean small(Block block) {
    return sizes[block.id] <= 2 * SMALL && !block.landing;
  }

  private List<Region> cut() {
    for (int i = 0; i < blocks.size(); i++) {
      edges.add(new ArrayList<>());
    }
    for (Block block : blocks) {
      if (block.exit == Exit.TABLE && block.targets.length >= DISPATCH_TARGETS) {
        continue;
      }
      for (Block target : block.targets) {
        if (!copied.contains(target)) {
          double weight = Math.pow(4, Math.min(6, Math.min(block.loopDepth, target.loopDepth)));
          edges.get(block.id).add(new Edge(target.id, weight));
          edges.get(target.id).add(new Edge(block.id, weight));
        }
      }
    }
    int[] start = starts();
    List<Region> regions = new ArrayList<>();
    int end = blocks.size();
    List<Integer> cuts = new ArrayList<>();
    while (end > 0) {
      cuts.add(end);
      end = start[end];
    }
    int from = 0;
    for (int i = cuts.size() - 1; i >= 0; i--) {
      Region region = new Region(regions.size());
      for (int b = from; b < cuts.get(i); b++) {
        region.own(blocks.get(b));
      }
      from = cuts.get(i);
      regions.add(region);
    }
    for (Region region : regions) {
      addCopies(region);
    }
    return regions;
  }

  /** By end: where the last region begins in the best partition of the blocks before that end. */
  private int[] starts() {
    int n = blocks.size();
    double[] best = new double[n + 1];
    int[] start = new int[n + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    best[0] = 0;
    for (int end = 1; end <= n; end++) {
      double kept = 0;
      long size = 0;
      for (int from = end - 1; from >= 0; from--) {
        size += sizes[from];
        if (size > capacity && from != end - 1) {
          break;
        }
        for (Edge edge : edges.get(from)) {
          if (edge.other >= from && edge.other < end) {
            kept += edge.other == from ? edge.weight / 2 : edge.weight;
          }
        }
        double value = best[from] + kept - REGION_COST;
        if (value > best[end]) {
          best[end] = value;
          start[end] = from;
        }
      }
    }
    return start;
  }

  /**
   * Adds copies of what the region reaches, and of what these reach, as long as they have no more
   * bytes than the rest of the region may have: dispatches may lead to each other, all of them.
   */
  private void addCopies(Region region) {
    int left = capacity;
    for (int i = 0; i < region.blocks.size(); i++) {
      for (Block target : region.blocks.get(i).targets) {
        int size = Math.max(LEAST_COPY, sizes[target.id]);
        if (size <= left && copied.contains(target) && !region.contains(target)) {
          // A copy is never reached by fall-through, so any place at the end will do.
          region.add(target);
          left -= size;
        }
      }
    }
  }
}
