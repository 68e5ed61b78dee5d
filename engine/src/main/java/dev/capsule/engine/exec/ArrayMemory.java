package dev.capsule.engine.exec;

import dev.capsule.engine.types.MemoryType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * A memory of up to 2 GiB in one array. Most have an array of their very size, whose range check is
 * the bounds check. Of the array of a memory that grows often only the first {@link #size} bytes
 * exist for the guest: the others are room to grow without copying, and every access is checked
 * against a {@link MemoryBound}. Not for shared memories: growing replaces the array.
 */
public final class ArrayMemory extends LinearMemory {
  /** The largest array that every JVM grants. */
  public static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /** Single bytes, for compiled code. */
  public static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);

  /** Little-endian views, for all tiers. */
  public static final VarHandle SHORTS = view(short[].class);

  public static final VarHandle INTS = view(int[].class);
  public static final VarHandle LONGS = view(long[].class);

  /** Up to here a memory that grows doubles its array; beyond, a quarter is added. */
  private static final int SMALL = 1 << 20;

  /** A memory that has grown more often than this, or has copied more, gets room to grow. */
  private static final int MANY_GROWTHS = 128;

  private static final long MANY_BYTES = 1L << 30;

  /**
   * The content, and zeros behind it; replaced by {@link #grow}, so nobody keeps it across a call.
   */
  public byte[] bytes;

  /** The memory's size in bytes, at most {@code bytes.length}; changed by {@link #grow}. */
  public int size;

  private MemoryBound bound = MemoryBound.EXACT;

  /** Instances whose memory 0 this is; they are not kept alive by it. */
  private final Set<ModuleInstance> users = Collections.newSetFromMap(new WeakHashMap<>());

  private int growths;
  private long copied;

  /** A memory of {@code bytes.length} bytes, which the caller has had granted by the limiter. */
  public ArrayMemory(ExecStore store, MemoryType type, byte[] bytes) {
    super(store, type);
    this.bytes = bytes;
    this.size = bytes.length;
  }

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public long byteSize() {
    return size;
  }

  @Override
  long capacity() {
    return MAX_BYTES;
  }

  @Override
  Runnable enlarged(long wanted) {
    if (wanted <= bytes.length) {
      return () -> use(bytes, wanted);
    }
    long moved = copied + size;
    byte[] larger =
        growths >= MANY_GROWTHS || moved > MANY_BYTES
            ? withRoom(wanted)
            : Arrays.copyOf(bytes, (int) wanted);
    return () -> {
      growths++;
      copied = moved;
      use(larger, wanted);
    };
  }

  private void use(byte[] content, long wanted) {
    // What may fail for want of memory comes first: instances and the memory have to agree.
    MemoryBound limit = wanted < content.length ? RoomyBound.of(this) : bound;
    ModuleInstance[] told = users.toArray(ModuleInstance[]::new);
    bytes = content;
    size = (int) wanted;
    bound = limit;
    for (ModuleInstance instance : told) {
      tell(instance);
    }
  }

  /** Becomes memory 0 of an instance, which hears of what {@link #grow} replaces. */
  void becomeFirst(ModuleInstance instance) {
    instance.memory0 = this;
    tell(instance);
    users.add(instance);
  }

  private void tell(ModuleInstance instance) {
    instance.array0 = bytes;
    instance.bytes0 = bound == MemoryBound.EXACT ? bytes : null;
    instance.bound0 = bound;
  }

  /** The content in a larger array: one with room for more, if it may grow and the JVM has that. */
  private byte[] withRoom(long wanted) {
    long most = Math.min(MAX_BYTES, attainable(wanted));
    long roomy = Math.min(most, (long) size + Math.max(size >> 2, Math.min(size, SMALL)));
    if (roomy > wanted) {
      try {
        return Arrays.copyOf(bytes, (int) roomy);
      } catch (OutOfMemoryError e) {
        // Then without the room.
      }
    }
    return Arrays.copyOf(bytes, (int) wanted);
  }

  private int at(long address, int length) {
    if (address < 0 || address > size - (long) length) {
      throw outOfBounds();
    }
    return (int) address;
  }

  @Override
  public byte getByte(long address) {
    return bytes[at(address, 1)];
  }

  @Override
  public short getShort(long address) {
    return (short) SHORTS.get(bytes, at(address, 2));
  }

  @Override
  public int getInt(long address) {
    return (int) INTS.get(bytes, at(address, 4));
  }

  @Override
  public long getLong(long address) {
    return (long) LONGS.get(bytes, at(address, 8));
  }

  @Override
  public void putByte(long address, byte value) {
    bytes[at(address, 1)] = value;
  }

  @Override
  public void putShort(long address, short value) {
    SHORTS.set(bytes, at(address, 2), value);
  }

  @Override
  public void putInt(long address, int value) {
    INTS.set(bytes, at(address, 4), value);
  }

  @Override
  public void putLong(long address, long value) {
    LONGS.set(bytes, at(address, 8), value);
  }

  @Override
  public ByteBuffer view(long address, int length) {
    return ByteBuffer.wrap(bytes, range(address, length), length)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void read(long address, byte[] target, int offset, int length) {
    System.arraycopy(bytes, range(address, length), target, offset, length);
  }

  @Override
  public void write(long address, byte[] source, int offset, int length) {
    System.arraycopy(source, offset, bytes, range(address, length), length);
  }

  @Override
  public void fill(long address, byte value, long length) {
    int from = range(address, length);
    Arrays.fill(bytes, from, from + (int) length, value);
  }

  private int range(long address, long length) {
    if (address < 0 || length < 0 || address > size - length) {
      throw outOfBounds();
    }
    return (int) address;
  }
}
