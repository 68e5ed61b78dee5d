package dev.capsule.engine.module;

/** How a data or element segment is used (spec 2.5.9, 2.5.10). */
public sealed interface SegmentMode {
  /** Waits for {@code memory.init}, {@code table.init} or {@code array.*_data/elem}. */
  record Passive() implements SegmentMode {}

  /** Copied into memory or table {@code target} at instantiation. */
  record Active(int target, CodeSlice offset) implements SegmentMode {}

  /** Element segments only: declares functions that {@code ref.func} may name. */
  record Declarative() implements SegmentMode {}
}
