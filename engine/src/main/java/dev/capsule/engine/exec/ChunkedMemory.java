package dev.capsule.engine.exec;

import dev.capsule.engine.types.MemoryType;
import java.nio.ByteBuffer;

/**
 * A memory made of pieces of equal size, which growing never moves. An access that crosses the
 * border of two pieces is put together from smaller ones.
 */
abstract sealed class ChunkedMemory extends LinearMemory permits BigMemory, SharedMemory {
  ChunkedMemory(ExecStore store, MemoryType type) {
    super(store, type);
  }

  /** The size of a chunk in bytes, a power of two. */
  abstract int chunkSize();

  /** Copies bytes of the chunk of {@code address}, from {@code at} in it on. */
  abstract void readChunk(long address, int at, byte[] target, int offset, int length);

  /** Replaces bytes of the chunk of {@code address}, from {@code at} in it on. */
  abstract void writeChunk(long address, int at, byte[] source, int offset, int length);

  /** {@code length} bytes of the chunk of {@code address}, from {@code at} in it on. */
  abstract ByteBuffer viewChunk(long address, int at, int length);

  final short shortAcross(long address) {
    return (short) (getByte(address) & 0xFF | getByte(address + 1) << 8);
  }

  final int intAcross(long address) {
    return getShort(address) & 0xFFFF | getShort(address + 2) << 16;
  }

  final long longAcross(long address) {
    return getInt(address) & 0xFFFFFFFFL | (long) getInt(address + 4) << 32;
  }

  final void putShortAcross(long address, short value) {
    putByte(address, (byte) value);
    putByte(address + 1, (byte) (value >> 8));
  }

  final void putIntAcross(long address, int value) {
    putShort(address, (short) value);
    putShort(address + 2, (short) (value >> 16));
  }

  final void putLongAcross(long address, long value) {
    putInt(address, (int) value);
    putInt(address + 4, (int) (value >> 32));
  }

  @Override
  public final void read(long address, byte[] target, int offset, int length) {
    check(address, length);
    int done = 0;
    while (done < length) {
      int at = (int) (address + done) & (chunkSize() - 1);
      int step = Math.min(length - done, chunkSize() - at);
      readChunk(address + done, at, target, offset + done, step);
      done += step;
    }
  }

  @Override
  public final void write(long address, byte[] source, int offset, int length) {
    check(address, length);
    int done = 0;
    while (done < length) {
      int at = (int) (address + done) & (chunkSize() - 1);
      int step = Math.min(length - done, chunkSize() - at);
      writeChunk(address + done, at, source, offset + done, step);
      done += step;
    }
  }

  @Override
  public final ByteBuffer view(long address, int length) {
    check(address, length);
    if (length == 0) {
      return ByteBuffer.allocate(0);
    }
    int at = (int) address & (chunkSize() - 1);
    if (length > chunkSize() - at) {
      throw new UnsupportedOperationException(
          "a view across a border of the pieces of "
              + chunkSize()
              + " bytes that this memory is made of");
    }
    return viewChunk(address, at, length);
  }
}
