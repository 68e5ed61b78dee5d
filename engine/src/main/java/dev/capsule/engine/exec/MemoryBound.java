package dev.capsule.engine.exec;

/**
 * What compiled code checks accesses to an {@link ArrayMemory} against, besides the length of its
 * array: nothing, where that is the memory's size. In most processes it always is; then {@link
 * RoomyBound} is not even loaded, and HotSpot takes the answers for constants: the check of an
 * address with an offset for one of its sign, that of one without for nothing. It gives up code
 * that relies on that when the class is loaded.
 */
public class MemoryBound {
  static final MemoryBound EXACT = new MemoryBound();

  MemoryBound() {}

  /**
   * The size in bytes to check against. Where it is asked is not always a hot place, and where
   * HotSpot did not inline the answer it would be no constant, nor wherever that may lead to. So it
   * is asked of this class, without a method between: what has six bytes of bytecode or fewer is
   * inlined anywhere.
   */
  public int size() {
    return Integer.MAX_VALUE;
  }
}
