package dev.capsule.engine.module;

import dev.capsule.engine.types.RefType;
import java.util.List;

/**
 * An element segment (spec 2.5.9): either function indices, or constant expressions; the other list
 * is empty.
 */
public record ElemSegment(
    RefType type, int[] functions, List<CodeSlice> expressions, SegmentMode mode) {
  public ElemSegment {
    expressions = List.copyOf(expressions);
  }

  /** The number of elements. */
  public int size() {
    return expressions.isEmpty() ? functions.length : expressions.size();
  }
}
