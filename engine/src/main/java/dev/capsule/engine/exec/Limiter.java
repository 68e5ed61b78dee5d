package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.StoreLimits;

/**
 * Counts what a store's instances hold against the store's limits. Synchronized, because a shared
 * memory may be grown by the threads of other stores.
 */
public final class Limiter {
  private final StoreLimits limits;
  private long memoryBytes;
  private long peakMemoryBytes;
  private long tableElements;
  private int instances;

  public Limiter(StoreLimits limits) {
    this.limits = limits;
  }

  /** Grants {@code bytes} more of memory, or refuses. */
  public synchronized boolean growMemory(long bytes) {
    if (bytes < 0 || bytes > limits.memoryBytes() - memoryBytes) {
      return false;
    }
    memoryBytes += bytes;
    peakMemoryBytes = Math.max(peakMemoryBytes, memoryBytes);
    return true;
  }

  /** Grants the bytes of a new memory. */
  synchronized void requireMemory(long bytes) {
    if (!growMemory(bytes)) {
      throw new LimitException("memory bytes", limits.memoryBytes(), memoryBytes + bytes);
    }
  }

  /** Takes back a grant that could not be used. */
  public synchronized void releaseMemory(long bytes) {
    memoryBytes -= bytes;
  }

  /** Grants {@code elements} more of tables, or refuses. */
  public synchronized boolean growTable(long elements) {
    if (elements < 0 || elements > limits.tableElements() - tableElements) {
      return false;
    }
    tableElements += elements;
    return true;
  }

  /** Grants the elements of a new table. */
  synchronized void requireTable(long elements) {
    if (!growTable(elements)) {
      throw new LimitException("table elements", limits.tableElements(), tableElements + elements);
    }
  }

  /** Takes back a grant that could not be used. */
  synchronized void releaseTable(long elements) {
    tableElements -= elements;
  }

  synchronized long tableElements() {
    return tableElements;
  }

  /** Grants one more instance. */
  synchronized void requireInstance() {
    if (instances >= limits.instances()) {
      throw new LimitException("instances", limits.instances(), instances + 1L);
    }
    instances++;
  }

  /** Takes back a grant that could not be used. */
  synchronized void releaseInstance() {
    instances--;
  }

  public synchronized long memoryBytes() {
    return memoryBytes;
  }

  public synchronized long peakMemoryBytes() {
    return peakMemoryBytes;
  }
}
