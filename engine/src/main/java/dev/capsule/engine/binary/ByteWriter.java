package dev.capsule.engine.binary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing bytes in the binary format: integers as shortest LEB128 (spec 5.2.2). */
final class ByteWriter {
  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void u32(int value) {
    u64(Integer.toUnsignedLong(value));
  }

  void u64(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  /** Signed LEB128. */
  void s64(long value) {
    long rest = value;
    while (rest < -0x40 || rest > 0x3F) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    u8((int) (rest & 0x7F));
  }

  void bytes(byte[] from, int start, int end) {
    reserve(end - start);
    System.arraycopy(from, start, bytes, size, end - start);
    size += end - start;
  }

  /** A name: its length in bytes, then UTF-8. */
  void name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    u32(utf8.length);
    bytes(utf8, 0, utf8.length);
  }

  /** The length of what another writer holds, then that. */
  void sized(ByteWriter content) {
    u32(content.size);
    bytes(content.bytes, 0, content.size);
  }

  private void reserve(int count) {
    if (count > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
    }
  }
}
