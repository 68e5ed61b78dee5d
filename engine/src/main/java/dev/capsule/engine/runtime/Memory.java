package dev.capsule.engine.runtime;

import dev.capsule.engine.types.MemoryType;

/**
 * A linear memory (spec 4.2.8). Addresses and sizes are bytes; every access is checked and gives
 * {@link TrapKind#OUT_OF_BOUNDS_MEMORY} beyond the end. Multi-byte values are little-endian.
 */
public abstract class Memory {
  private final MemoryType type;

  protected Memory(MemoryType type) {
    this.type = type;
  }

  /** The declared type; its minimum is the size at the start, not now. */
  public final MemoryType type() {
    return type;
  }

  /** The present size in bytes. */
  public abstract long byteSize();

  /** The present size in pages of this memory. */
  public final long pages() {
    return byteSize() >>> type.pageSizeLog2();
  }

  /**
   * Grows by {@code delta} pages.
   *
   * @return the old size in pages, or -1 where the type's maximum or the store's limit forbids it
   */
  public abstract long grow(long delta);

  public abstract byte getByte(long address);

  public abstract short getShort(long address);

  public abstract int getInt(long address);

  public abstract long getLong(long address);

  public abstract void putByte(long address, byte value);

  public abstract void putShort(long address, short value);

  public abstract void putInt(long address, int value);

  public abstract void putLong(long address, long value);

  /** Copies {@code length} bytes from this memory to {@code target}. */
  public abstract void read(long address, byte[] target, int offset, int length);

  /** Copies {@code length} bytes from {@code source} to this memory. */
  public abstract void write(long address, byte[] source, int offset, int length);

  /** Sets {@code length} bytes to {@code value}. */
  public abstract void fill(long address, byte value, long length);
}
