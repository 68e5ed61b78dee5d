package dev.capsule.engine.module;

/** A data segment (spec 2.5.10): bytes {@code start} to {@code end} of a shared array. */
public record DataSegment(SegmentMode mode, byte[] bytes, int start, int end) {
  /** Length in bytes. */
  public int length() {
    return end - start;
  }
}
