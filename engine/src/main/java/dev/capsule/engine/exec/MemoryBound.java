package dev.capsule.engine.exec;

/**
 * What compiled code checks accesses to an {@link ArrayMemory} against, besides the length of its
 * array: nothing, where that is the memory's size. In most processes it always is; then {@link
 * RoomyBound} is not even loaded, and HotSpot takes {@link #of} for a constant and the check for
 * one of the address's sign. It gives up code that relies on that when the class is loaded.
 */
public class MemoryBound {
  static final MemoryBound EXACT = new MemoryBound();

  MemoryBound() {}

  /** The size in bytes to check against. */
  public int of(ArrayMemory memory) {
    return Integer.MAX_VALUE;
  }
}
