package dev.capsule.engine.exec;

/** The bound of a memory whose array is longer than the memory. */
final class RoomyBound extends MemoryBound {
  private final ArrayMemory memory;

  private RoomyBound(ArrayMemory memory) {
    this.memory = memory;
  }

  /** Of a type that does not have this class loaded where the caller is verified. */
  static MemoryBound of(ArrayMemory memory) {
    return new RoomyBound(memory);
  }

  @Override
  public int size() {
    return memory.size;
  }
}
