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
  final int index;
  final List<Block> blocks = new ArrayList<>();

  /** Blocks of this region where control comes in from outside, with their numbers. */
  final Map<Block, Integer> entries = new LinkedHashMap<>();

  /** Position in {@link #blocks}. */
  final Map<Block, Integer> position = new HashMap<>();

  Region(int index) {
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

  /** The number by which other regions ask for an entry. */
  int entryId(Block block) {
    return index << 16 | entries.computeIfAbsent(block, key -> entries.size());
  }
}
