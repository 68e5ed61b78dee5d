package dev.capsule.engine.exec;

/** The bound of a memory whose array is longer than the memory. */
final class RoomyBound extends MemoryBound {
  private static final RoomyBound INSTANCE = new RoomyBound();

  private RoomyBound() {}

  /** Of a type that does not have this class loaded where the caller is verified. */
  static MemoryBound instance() {
    return INSTANCE;
  }

  @Override
  public int of(ArrayMemory memory) {
    return memory.size;
  }
}
