package dev.capsule.engine.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a split function that is a method of its own: the blocks it owns, and copies of blocks
 * that dispatch to many places, so that a dispatch does not have to leave the region first.
 */
final class Region {
  /**
   * What is left of the numbers of 16 bits where the driver looks at the upper eight of them first:
   * -1, for having returned, must not be a region's, nor the last group that of regions.
   */
  private static final int MAX_REGIONS = 0xFF00;

  private static final int MAX_ENTRIES = 1 << 16;

  final int index;
  final List<Block> blocks = new ArrayList<>();

  /** Blocks of this region where control comes in from outside, with their numbers. */
  final Map<Block, Integer> entries = new LinkedHashMap<>();

  /** Position in {@link #blocks}. */
  final Map<Block, Integer> position = new HashMap<>();

  Region(int index) {
    if (index >= MAX_REGIONS) {
      throw new IllegalStateException("more than " + MAX_REGIONS + " regions");
    }
    this.index = index;
  }

  /** How many of the blocks are owned; the copies come after them. */
  int owned;

  void own(Block block) {
    add(block);
    owned++;
  }

  void add(Block block) {
    position.put(block, blocks.size());
    blocks.add(block);
  }

  boolean contains(Block block) {
    return position.containsKey(block);
  }

  /**
   * The number by which other regions ask for an entry: the region in the lower half, which takes
   * the processor one step to find, and which of its entries in the upper one.
   */
  int entryId(Block block) {
    int entry = entries.computeIfAbsent(block, key -> entries.size());
    if (entry >= MAX_ENTRIES) {
      throw new IllegalStateException("more than " + MAX_ENTRIES + " entries of a region");
    }
    return entry << 16 | index;
  }
}
