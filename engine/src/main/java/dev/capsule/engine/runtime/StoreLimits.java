package dev.capsule.engine.runtime;

/**
 * What the instances of one store may hold together.
 *
 * @param memoryBytes bytes of all linear memories; a memory beyond 2 GiB is possible only where
 *     this allows it
 * @param tableElements elements of all tables
 * @param heapBytes bytes of live structs, arrays and exceptions, as estimated by the engine;
 *     checked when garbage of half as much (at least 32 MiB) has piled up
 * @param instances number of instances
 * @param callDepth nested calls; a call takes 1, and 1 more for every 256 slots of its frame
 */
public record StoreLimits(
    long memoryBytes, long tableElements, long heapBytes, int instances, int callDepth) {
  /** 2 GiB of memories, 10 million elements, 1 GiB of heap, 10,000 instances, depth 30,000. */
  public static final StoreLimits DEFAULT =
      new StoreLimits(1L << 31, 10_000_000, 1L << 30, 10_000, 30_000);

  public StoreLimits {
    check("memoryBytes", memoryBytes);
    check("tableElements", tableElements);
    check("heapBytes", heapBytes);
    check("instances", instances);
    check("callDepth", callDepth);
  }

  private static void check(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  /** The same with another limit of the bytes of all memories. */
  public StoreLimits withMemoryBytes(long bytes) {
    return new StoreLimits(bytes, tableElements, heapBytes, instances, callDepth);
  }

  /** The same with another limit of the elements of all tables. */
  public StoreLimits withTableElements(long elements) {
    return new StoreLimits(memoryBytes, elements, heapBytes, instances, callDepth);
  }

  /** The same with another limit of the bytes of structs and arrays. */
  public StoreLimits withHeapBytes(long bytes) {
    return new StoreLimits(memoryBytes, tableElements, bytes, instances, callDepth);
  }

  /** The same with another limit of the number of instances. */
  public StoreLimits withInstances(int count) {
    return new StoreLimits(memoryBytes, tableElements, heapBytes, count, callDepth);
  }

  /** The same with another limit of nested calls, in units of call depth. */
  public StoreLimits withCallDepth(int depth) {
    return new StoreLimits(memoryBytes, tableElements, heapBytes, instances, depth);
  }
}
