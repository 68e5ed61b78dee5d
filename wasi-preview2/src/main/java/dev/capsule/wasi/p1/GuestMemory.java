package dev.capsule.wasi.p1;

/**
 * A guest's linear memory. Addresses are unsigned 32-bit numbers in a {@code long}; every access
 * outside the memory throws what makes the guest trap. Multi-byte values are little-endian.
 */
public interface GuestMemory {
  /** The present size in bytes. */
  long size();

  /** The exception for an access outside the memory. */
  RuntimeException outOfBounds();

  /** Reads one unsigned byte. */
  int getByte(long address);

  /** Reads two unsigned bytes. */
  int getShort(long address);

  /** Reads four bytes. */
  int getInt(long address);

  /** Reads eight bytes. */
  long getLong(long address);

  /** Writes one byte. */
  void putByte(long address, int value);

  /** Writes two bytes. */
  void putShort(long address, int value);

  /** Writes four bytes. */
  void putInt(long address, int value);

  /** Writes eight bytes. */
  void putLong(long address, long value);

  /** Copies from the memory. */
  void read(long address, byte[] into, int offset, int length);

  /** Copies to the memory. */
  void write(long address, byte[] from, int offset, int length);

  /** Throws {@link #outOfBounds} unless all of the region is inside the memory. */
  default void check(long address, long length) {
    if (address < 0 || length < 0 || address > size() - length) {
      throw outOfBounds();
    }
  }
}
