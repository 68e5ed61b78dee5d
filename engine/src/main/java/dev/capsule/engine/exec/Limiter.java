package dev.capsule.engine.exec;

/** Counts what a store's instances hold against the store's limits. */
public final class Limiter {
  private final long maxMemoryBytes;
  private final long maxTableElements;
  private long memoryBytes;
  private long peakMemoryBytes;
  private long tableElements;

  public Limiter(long maxMemoryBytes, long maxTableElements) {
    this.maxMemoryBytes = maxMemoryBytes;
    this.maxTableElements = maxTableElements;
  }

  /** Grants {@code bytes} more of memory, or refuses. */
  public boolean growMemory(long bytes) {
    if (bytes > maxMemoryBytes - memoryBytes) {
      return false;
    }
    memoryBytes += bytes;
    peakMemoryBytes = Math.max(peakMemoryBytes, memoryBytes);
    return true;
  }

  /** Takes back a grant that could not be used. */
  public void releaseMemory(long bytes) {
    memoryBytes -= bytes;
  }

  /** Grants {@code elements} more of tables, or refuses. */
  public boolean growTable(long elements) {
    if (elements > maxTableElements - tableElements) {
      return false;
    }
    tableElements += elements;
    return true;
  }

  public long memoryBytes() {
    return memoryBytes;
  }

  public long peakMemoryBytes() {
    return peakMemoryBytes;
  }
}
