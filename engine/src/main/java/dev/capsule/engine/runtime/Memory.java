package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A linear memory (spec 4.2.8). Addresses and sizes are bytes; every access is checked and gives
 * {@link TrapKind#OUT_OF_BOUNDS_MEMORY} beyond the end. Multi-byte values are little-endian.
 */
public abstract non-sealed class Memory implements Extern {
  private final MemoryType type;

  protected Memory(MemoryType type) {
    this.type = type;
  }

  /**
   * A new memory, filled with zeros. A shared one may be used by all stores of the process.
   *
   * @throws LimitException if the store does not allow so many bytes
   */
  public static Memory create(Store store, MemoryType type) {
    return LinearMemory.create((ExecStore) store, type);
  }

  /** The declared type; its minimum is the size at the start, not now. */
  public final MemoryType type() {
    return type;
  }

  @Override
  public final ExternType externType() {
    return new MemoryType(
        type.address(),
        new Limits(pages(), type.limits().max()),
        type.shared(),
        type.pageSizeLog2());
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

  /**
   * A window through which {@code length} bytes can be read and written, little-endian. It shows
   * the memory until the memory grows; after that what it shows is undefined (the old content, or
   * the new), so get a new one after every call into Wasm.
   *
   * @throws UnsupportedOperationException if these bytes do not lie together, which may happen in
   *     shared memories and in memories that may exceed 2 GiB
   */
  public abstract ByteBuffer view(long address, int length);

  /** The bytes from {@code address} on. */
  public final byte[] read(long address, int length) {
    if (length < 0 || length > byteSize()) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
    }
    byte[] bytes = new byte[length];
    read(address, bytes, 0, length);
    return bytes;
  }

  /** Copies all of {@code source} to this memory. */
  public final void write(long address, byte[] source) {
    write(address, source, 0, source.length);
  }

  /** Decodes UTF-8; malformed parts become U+FFFD. */
  public final String readString(long address, int byteLength) {
    return new String(read(address, byteLength), StandardCharsets.UTF_8);
  }

  /** Decodes UTF-8 up to the next zero byte, which must come before the memory's end. */
  public final String readCString(long address) {
    long end = address;
    while (getByte(end) != 0) {
      end++;
    }
    return readString(address, Math.toIntExact(end - address));
  }

  /**
   * Writes UTF-8, without a zero at the end.
   *
   * @return the number of bytes written
   */
  public final int writeString(long address, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(address, bytes);
    return bytes.length;
  }
}
