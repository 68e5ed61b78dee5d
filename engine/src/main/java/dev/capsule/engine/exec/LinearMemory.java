package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;

/**
 * A memory as the tiers see it: {@link ArrayMemory} wherever possible, {@link BigMemory} beyond 2
 * GiB, {@link SharedMemory} for shared ones. Tiers treat the first specially and use the methods of
 * this class for the others.
 */
public abstract sealed class LinearMemory extends Memory permits ArrayMemory, ChunkedMemory {
  private final ExecStore store;

  /** The largest size in pages that the type and its addresses allow. */
  private final long maxPages;

  LinearMemory(ExecStore store, MemoryType type) {
    super(type);
    this.store = store;
    this.maxPages = maxPages(type);
  }

  private static long maxPages(MemoryType type) {
    long bits = type.address() == AddressType.I32 ? 32 : 62;
    long addressable = 1L << (bits - type.pageSizeLog2());
    long declared = type.limits().max().orElse(-1);
    return Long.compareUnsigned(declared, addressable) < 0 ? declared : addressable;
  }

  /** {@link Memory#create}. */
  public static LinearMemory create(ExecStore store, MemoryType type) {
    return create(store, type, type.limits().min());
  }

  /** A memory that has grown to so many pages. */
  static LinearMemory create(ExecStore store, MemoryType type, long pages) {
    int shift = type.pageSizeLog2();
    if (Long.compareUnsigned(pages, 1L << (62 - shift)) > 0) {
      throw new LimitException("memory bytes", store.limits().memoryBytes(), -1);
    }
    long bytes = pages << shift;
    store.limiter.requireMemory(bytes);
    try {
      if (type.shared()) {
        return new SharedMemory(store, type, bytes);
      } else if (wantsBig(store, type, bytes)) {
        return new BigMemory(store, type, bytes);
      }
      return new ArrayMemory(store, type, new byte[(int) bytes]);
    } catch (OutOfMemoryError e) {
      store.limiter.releaseMemory(bytes);
      throw new LimitException("bytes of the host's heap", Runtime.getRuntime().maxMemory(), bytes);
    }
  }

  /**
   * Whether a memory gets the slower form that can pass 2 GiB: where it starts so large, or where
   * module and store both say that it may become so.
   */
  private static boolean wantsBig(ExecStore store, MemoryType type, long bytes) {
    if (bytes > ArrayMemory.MAX_BYTES) {
      return true;
    }
    long twoGiB = 1L << 31;
    boolean declared =
        type.limits().max().isPresent()
            ? Long.compareUnsigned(type.limits().max().getAsLong(), twoGiB >>> type.pageSizeLog2())
                > 0
            : type.address() == AddressType.I64;
    return declared && store.limits().memoryBytes() > twoGiB;
  }

  /** Whether instances of a store may import this memory. */
  final boolean usableBy(ExecStore other) {
    return store == other || type().shared();
  }

  /** What this form of memory can hold at most. */
  abstract long capacity();

  /**
   * Makes the content of a memory of {@code bytes} bytes, which is more than now, and changes
   * nothing yet; another thread may do it while the guest waits.
   *
   * @return what gives the memory this content
   * @throws OutOfMemoryError if the JVM has no room
   */
  abstract Runnable enlarged(long bytes);

  /** What a memory that is granted {@code bytes} may have at most, as things are. */
  final long attainable(long bytes) {
    int shift = type().pageSizeLog2();
    long left = store.limits().memoryBytes() - store.limiter.memoryBytes();
    long allowed = Math.min(maxPages, Long.MAX_VALUE >>> shift) << shift;
    return Math.min(allowed, bytes + Math.min(left, Long.MAX_VALUE - bytes));
  }

  @Override
  public long grow(long delta) {
    return grow(store, delta);
  }

  /**
   * {@link #grow(long)} for code of another store, which may use a shared memory.
   *
   * @param caller the store whose code waits
   */
  long grow(ExecStore caller, long delta) {
    int shift = type().pageSizeLog2();
    long old = pages();
    if (old > maxPages
        || Long.compareUnsigned(delta, maxPages - old) > 0
        || (old + delta) << shift > capacity()
        || !store.limiter.growMemory(delta << shift)) {
      return -1;
    }
    if (delta == 0) {
      return old;
    }
    long bytes = (old + delta) << shift;
    boolean done = false;
    try {
      LongStep.result(caller, bytes, () -> enlarged(bytes)).run();
      done = true;
      return old;
    } catch (OutOfMemoryError e) {
      return -1;
    } finally {
      if (!done) {
        store.limiter.releaseMemory(delta << shift);
      }
    }
  }

  /**
   * The effective address of an access (spec 4.6.6): an address as it lies on the stack (32-bit
   * ones zero-extended) plus the static offset, both unsigned.
   *
   * @throws Trap if the sum does not fit; whether it is in bounds is seen by the access
   */
  public static long effective(long address, long offset) {
    long sum = address + offset;
    if (sum < 0 || Long.compareUnsigned(sum, offset) < 0) {
      throw outOfBounds();
    }
    return sum;
  }

  static Trap outOfBounds() {
    return new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
  }

  /** Traps unless {@code length} bytes from {@code address} on exist; both are unsigned. */
  final void check(long address, long length) {
    long size = byteSize();
    if (Long.compareUnsigned(length, size) > 0
        || Long.compareUnsigned(address, size - length) > 0) {
      throw outOfBounds();
    }
  }

  /**
   * Copies between memories, which may be the same one and overlap. The ranges have been checked.
   */
  static void copy(LinearMemory to, long target, LinearMemory from, long source, int length) {
    if (to instanceof ArrayMemory a && from instanceof ArrayMemory b) {
      System.arraycopy(b.bytes, (int) source, a.bytes, (int) target, length);
      return;
    }
    byte[] buffer = new byte[Math.min(length, 8192)];
    boolean backwards = to == from && target > source;
    int left = length;
    while (left > 0) {
      int step = Math.min(left, buffer.length);
      long at = backwards ? left - step : length - left;
      from.read(source + at, buffer, 0, step);
      to.write(target + at, buffer, 0, step);
      left -= step;
    }
  }

  /** An atomic load of 2<sup>log2</sup> bytes, zero-extended; aligned and in bounds. */
  long atomicLoad(int log2, long address) {
    return switch (log2) {
      case 0 -> getByte(address) & 0xFF;
      case 1 -> getShort(address) & 0xFFFF;
      case 2 -> getInt(address) & 0xFFFFFFFFL;
      default -> getLong(address);
    };
  }

  /** An atomic store of the low 2<sup>log2</sup> bytes; aligned and in bounds. */
  void atomicStore(int log2, long address, long value) {
    switch (log2) {
      case 0 -> putByte(address, (byte) value);
      case 1 -> putShort(address, (short) value);
      case 2 -> putInt(address, (int) value);
      default -> putLong(address, value);
    }
  }

  /**
   * Stores {@code value} if the memory holds {@code expected}, of 2<sup>log2</sup> bytes,
   * zero-extended; aligned and in bounds.
   *
   * @return what the memory held
   */
  long compareExchange(int log2, long address, long expected, long value) {
    long old = atomicLoad(log2, address);
    if (old == expected) {
      atomicStore(log2, address, value);
    }
    return old;
  }
}
