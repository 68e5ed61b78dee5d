package dev.capsule.engine.exec;

import dev.capsule.engine.types.MemoryType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A memory that several threads use at a time. It lies in direct buffers that never move; growing
 * adds buffers. Accesses are plain unless they are atomic, which are sequentially consistent; only
 * the views of direct buffers give atomic access of all kinds in every JDK.
 */
public final class SharedMemory extends ChunkedMemory {
  private static final int MAX_CHUNK_LOG2 = 20;
  private static final int MIN_CHUNK_LOG2 = 12;
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int chunkLog2;
  private final int mask;
  private final ReentrantLock growing = new ReentrantLock();
  private volatile ByteBuffer[] chunks = new ByteBuffer[0];
  private volatile long size;

  /** The threads that wait for a change of this memory. */
  final WaitQueues waiting = new WaitQueues();

  SharedMemory(ExecStore store, MemoryType type, long bytes) {
    super(store, type);
    long max = type.limits().max().orElse(1L << 48);
    long pagesOfLargest = 1L << (MAX_CHUNK_LOG2 - Math.min(type.pageSizeLog2(), MAX_CHUNK_LOG2));
    if (Long.compareUnsigned(max, pagesOfLargest) >= 0) {
      chunkLog2 = MAX_CHUNK_LOG2;
    } else {
      long maxBytes = max << type.pageSizeLog2();
      chunkLog2 = Math.max(MIN_CHUNK_LOG2, 64 - Long.numberOfLeadingZeros(maxBytes - 1));
    }
    mask = (1 << chunkLog2) - 1;
    enlarged(bytes).run();
  }

  @Override
  long capacity() {
    return 1L << 48 >>> (MAX_CHUNK_LOG2 - chunkLog2);
  }

  @Override
  long grow(ExecStore caller, long delta) {
    // Another thread may grow it at the moment, which may take long.
    LongStep.lock(caller, growing);
    try {
      return super.grow(caller, delta);
    } finally {
      growing.unlock();
    }
  }

  @Override
  Runnable enlarged(long bytes) {
    if (bytes > capacity()) {
      throw new OutOfMemoryError();
    }
    ByteBuffer[] old = chunks;
    ByteBuffer[] grown = Arrays.copyOf(old, (int) ((bytes + mask) >>> chunkLog2));
    for (int i = old.length; i < grown.length; i++) {
      grown[i] = ByteBuffer.allocateDirect(mask + 1).order(ByteOrder.LITTLE_ENDIAN);
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

  private ByteBuffer chunk(long address) {
    return chunks[(int) (address >>> chunkLog2)];
  }

  /** The position in its chunk of an access, or -1 where it crosses into the next chunk. */
  private int at(long address, int length) {
    if (address < 0 || address > size - length) {
      throw outOfBounds();
    }
    int at = (int) address & mask;
    return at <= mask + 1 - length ? at : -1;
  }

  @Override
  public byte getByte(long address) {
    int at = at(address, 1);
    return chunk(address).get(at);
  }

  @Override
  public short getShort(long address) {
    int at = at(address, 2);
    return at >= 0 ? chunk(address).getShort(at) : shortAcross(address);
  }

  @Override
  public int getInt(long address) {
    int at = at(address, 4);
    return at >= 0 ? chunk(address).getInt(at) : intAcross(address);
  }

  @Override
  public long getLong(long address) {
    int at = at(address, 8);
    return at >= 0 ? chunk(address).getLong(at) : longAcross(address);
  }

  @Override
  public void putByte(long address, byte value) {
    int at = at(address, 1);
    chunk(address).put(at, value);
  }

  @Override
  public void putShort(long address, short value) {
    int at = at(address, 2);
    if (at >= 0) {
      chunk(address).putShort(at, value);
    } else {
      putShortAcross(address, value);
    }
  }

  @Override
  public void putInt(long address, int value) {
    int at = at(address, 4);
    if (at >= 0) {
      chunk(address).putInt(at, value);
    } else {
      putIntAcross(address, value);
    }
  }

  @Override
  public void putLong(long address, long value) {
    int at = at(address, 8);
    if (at >= 0) {
      chunk(address).putLong(at, value);
    } else {
      putLongAcross(address, value);
    }
  }

  @Override
  int chunkSize() {
    return mask + 1;
  }

  @Override
  void readChunk(long address, int at, byte[] target, int offset, int length) {
    chunk(address).get(at, target, offset, length);
  }

  @Override
  void writeChunk(long address, int at, byte[] source, int offset, int length) {
    chunk(address).put(at, source, offset, length);
  }

  @Override
  ByteBuffer viewChunk(long address, int at, int length) {
    return chunk(address).slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void fill(long address, byte value, long length) {
    check(address, length);
    byte[] pattern = new byte[(int) Math.min(length, 8192)];
    Arrays.fill(pattern, value);
    for (long done = 0; done < length; done += pattern.length) {
      write(address + done, pattern, 0, (int) Math.min(pattern.length, length - done));
    }
  }

  /** The bits by which a part of an aligned word is shifted. */
  private static int shift(long address) {
    return ((int) address & 3) << 3;
  }

  @Override
  long atomicLoad(int log2, long address) {
    int at = at(address, 1 << log2);
    ByteBuffer chunk = chunk(address);
    if (log2 == 3) {
      return (long) LONGS.getVolatile(chunk, at);
    }
    int word = (int) INTS.getVolatile(chunk, at & ~3);
    return word >>> shift(address) & (1L << (8 << log2)) - 1;
  }

  @Override
  void atomicStore(int log2, long address, long value) {
    int at = at(address, 1 << log2);
    if (log2 == 3) {
      LONGS.setVolatile(chunk(address), at, value);
    } else if (log2 == 2) {
      INTS.setVolatile(chunk(address), at, (int) value);
    } else {
      long old = atomicLoad(log2, address);
      for (long seen = compareExchange(log2, address, old, value);
          seen != old;
          seen = compareExchange(log2, address, old, value)) {
        old = seen;
      }
    }
  }

  @Override
  long compareExchange(int log2, long address, long expected, long value) {
    int at = at(address, 1 << log2);
    ByteBuffer chunk = chunk(address);
    if (log2 == 3) {
      return (long) LONGS.compareAndExchange(chunk, at, expected, value);
    }
    if (log2 == 2) {
      if (expected >>> 32 != 0) {
        return (int) INTS.getVolatile(chunk, at) & 0xFFFFFFFFL;
      }
      return (int) INTS.compareAndExchange(chunk, at, (int) expected, (int) value) & 0xFFFFFFFFL;
    }
    long bits = (1L << (8 << log2)) - 1;
    int shift = shift(address);
    while (true) {
      int word = (int) INTS.getVolatile(chunk, at & ~3);
      long old = word >>> shift & bits;
      if (old != expected) {
        return old;
      }
      int changed = (int) (word & ~(bits << shift) | (value & bits) << shift);
      if (INTS.compareAndSet(chunk, at & ~3, word, changed)) {
        return old;
      }
    }
  }
}
