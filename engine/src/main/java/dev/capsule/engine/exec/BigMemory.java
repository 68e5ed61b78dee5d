package dev.capsule.engine.exec;

import dev.capsule.engine.types.MemoryType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A memory that may exceed 2 GiB: arrays of 16 MiB, added when it grows, so that growing never
 * copies. Not for shared memories.
 */
public final class BigMemory extends ChunkedMemory {
  private static final int CHUNK_LOG2 = 24;
  private static final int CHUNK = 1 << CHUNK_LOG2;
  private static final int MASK = CHUNK - 1;

  /** 16 TiB: more than any JVM's heap. */
  private static final long CAPACITY = 1L << 44;

  private byte[][] chunks = new byte[0][];
  private long size;

  BigMemory(ExecStore store, MemoryType type, long bytes) {
    super(store, type);
    if (bytes > CAPACITY) {
      throw new OutOfMemoryError();
    }
    enlarged(bytes).run();
  }

  @Override
  long capacity() {
    return CAPACITY;
  }

  @Override
  Runnable enlarged(long bytes) {
    int old = chunks.length;
    byte[][] grown = Arrays.copyOf(chunks, (int) ((bytes + MASK) >>> CHUNK_LOG2));
    for (int i = old; i < grown.length; i++) {
      grown[i] = new byte[CHUNK];
    }
    return () -> {
      chunks = grown;
      size = bytes;
    };
  }

  @Override
  public long byteSize() {
    return size;
  }

  private byte[] chunk(long address) {
    return chunks[(int) (address >>> CHUNK_LOG2)];
  }

  /** The position in its chunk of an access, or -1 where it crosses into the next chunk. */
  private int at(long address, int length) {
    if (address < 0 || address > size - length) {
      throw outOfBounds();
    }
    int at = (int) address & MASK;
    return at <= CHUNK - length ? at : -1;
  }

  @Override
  public byte getByte(long address) {
    int at = at(address, 1);
    return chunk(address)[at];
  }

  @Override
  public short getShort(long address) {
    int at = at(address, 2);
    return at >= 0 ? (short) ArrayMemory.SHORTS.get(chunk(address), at) : shortAcross(address);
  }

  @Override
  public int getInt(long address) {
    int at = at(address, 4);
    return at >= 0 ? (int) ArrayMemory.INTS.get(chunk(address), at) : intAcross(address);
  }

  @Override
  public long getLong(long address) {
    int at = at(address, 8);
    return at >= 0 ? (long) ArrayMemory.LONGS.get(chunk(address), at) : longAcross(address);
  }

  @Override
  public void putByte(long address, byte value) {
    int at = at(address, 1);
    chunk(address)[at] = value;
  }

  @Override
  public void putShort(long address, short value) {
    int at = at(address, 2);
    if (at >= 0) {
      ArrayMemory.SHORTS.set(chunk(address), at, value);
    } else {
      putShortAcross(address, value);
    }
  }

  @Override
  public void putInt(long address, int value) {
    int at = at(address, 4);
    if (at >= 0) {
      ArrayMemory.INTS.set(chunk(address), at, value);
    } else {
      putIntAcross(address, value);
    }
  }

  @Override
  public void putLong(long address, long value) {
    int at = at(address, 8);
    if (at >= 0) {
      ArrayMemory.LONGS.set(chunk(address), at, value);
    } else {
      putLongAcross(address, value);
    }
  }

  @Override
  int chunkSize() {
    return CHUNK;
  }

  @Override
  void readChunk(long address, int at, byte[] target, int offset, int length) {
    System.arraycopy(chunk(address), at, target, offset, length);
  }

  @Override
  void writeChunk(long address, int at, byte[] source, int offset, int length) {
    System.arraycopy(source, offset, chunk(address), at, length);
  }

  @Override
  ByteBuffer viewChunk(long address, int at, int length) {
    return ByteBuffer.wrap(chunk(address), at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void fill(long address, byte value, long length) {
    check(address, length);
    long done = 0;
    while (done < length) {
      int at = (int) (address + done) & MASK;
      int step = (int) Math.min(length - done, CHUNK - at);
      Arrays.fill(chunk(address + done), at, at + step, value);
      done += step;
    }
  }
}
