package dev.capsule.engine.exec;

import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Arrays (spec 4.6.5). Indices and lengths are unsigned; a null array traps. The accessors that
 * name a storage are for arrays of it; floats are their bits.
 */
public final class ArrayOps {
  /** More bytes than this no array has. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 64;

  /** Bytes that are moved between two looks at deadline and interruption. */
  private static final int STEP = 1 << 24;

  private ArrayOps() {}

  /** How arrays of a type keep their elements. */
  public static Storage storage(DefType type) {
    return Storage.of(((ArrayType) type.expand()).field().storage());
  }

  /** An array of zeros or nulls, paid for. */
  private static ArrayObject allocate(ExecStore store, DefType type, Storage storage, int length) {
    long count = length & 0xFFFFFFFFL;
    long bytes = count * storage.bytes;
    if (bytes > MAX_BYTES) {
      throw new Trap(TrapKind.ALLOCATION_SIZE);
    }
    store.chargeBulk(count >>> 3);
    Object batch = store.heap.charge(40 + bytes);
    try {
      Object elements = LongStep.result(store, bytes, () -> elements(storage, length));
      return new ArrayObject(type, batch, elements, length);
    } catch (OutOfMemoryError e) {
      throw new Trap(TrapKind.OUT_OF_MEMORY);
    }
  }

  private static Object elements(Storage storage, int length) {
    return switch (storage) {
      case I8 -> new byte[length];
      case I16 -> new short[length];
      case BITS32 -> new int[length];
      case BITS64 -> new long[length];
      case V128 -> new long[2 * length];
      case REF -> new Object[length];
    };
  }

  /** {@code array.new_default}. */
  public static ArrayObject create(ExecStore store, DefType type, int length) {
    return allocate(store, type, storage(type), length);
  }

  /**
   * {@code array.new}: the initial value is in {@code bits}, {@code bits} and {@code high}, or
   * {@code ref}, whatever the element type needs.
   */
  public static ArrayObject create(
      ExecStore store, DefType type, long bits, long high, Object ref, int length) {
    Storage storage = storage(type);
    ArrayObject array = allocate(store, type, storage, length);
    return LongStep.result(
        store,
        (long) length * storage.bytes,
        () -> {
          fill(array, storage, 0, length, bits, high, ref);
          return array;
        });
  }

  /** {@code array.new_fixed}, with the operands in slots from {@code sp} on. */
  public static ArrayObject createFixed(
      ExecStore store, DefType type, int length, long[] stack, Object[] refs, int sp) {
    Storage storage = storage(type);
    ArrayObject array = allocate(store, type, storage, length);
    switch (storage) {
      case I8 -> {
        byte[] elements = (byte[]) array.elements;
        for (int i = 0; i < length; i++) {
          elements[i] = (byte) stack[sp + i];
        }
      }
      case I16 -> {
        short[] elements = (short[]) array.elements;
        for (int i = 0; i < length; i++) {
          elements[i] = (short) stack[sp + i];
        }
      }
      case BITS32 -> {
        int[] elements = (int[]) array.elements;
        for (int i = 0; i < length; i++) {
          elements[i] = (int) stack[sp + i];
        }
      }
      case BITS64 -> System.arraycopy(stack, sp, (long[]) array.elements, 0, length);
      case V128 -> System.arraycopy(stack, sp, (long[]) array.elements, 0, 2 * length);
      case REF -> System.arraycopy(refs, sp, (Object[]) array.elements, 0, length);
    }
    return array;
  }

  /** {@code array.new_data}: {@code length} elements from byte {@code source} of a segment. */
  public static ArrayObject createFromData(
      ModuleInstance instance, DefType type, int segment, int source, int length) {
    Storage storage = storage(type);
    checkData(instance, segment, source, (length & 0xFFFFFFFFL) * storage.bytes);
    ArrayObject array = allocate(instance.store, type, storage, length);
    readData(instance, segment, source, array, storage, 0, length);
    return array;
  }

  /** {@code array.new_elem}: {@code length} references from {@code source} of a segment. */
  public static ArrayObject createFromElem(
      ModuleInstance instance, DefType type, int segment, int source, int length) {
    Object[] from = TableOps.checkElem(instance, segment, source, length);
    ArrayObject array = allocate(instance.store, type, Storage.REF, length);
    System.arraycopy(from, source, (Object[]) array.elements, 0, length);
    return array;
  }

  /** The array that a reference points to; traps on null. */
  public static ArrayObject array(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_ARRAY);
    }
    return (ArrayObject) reference;
  }

  /** {@code array.len}. */
  public static int length(Object reference) {
    return array(reference).length;
  }

  private static Object elements(Object reference, int index) {
    ArrayObject array = array(reference);
    if (Integer.compareUnsigned(index, array.length) >= 0) {
      throw outOfBounds();
    }
    return array.elements;
  }

  private static Trap outOfBounds() {
    return new Trap(TrapKind.OUT_OF_BOUNDS_ARRAY);
  }

  /** {@code array.get_s} of i8; {@code & 0xFF} makes it {@code get_u}. */
  public static int get8(Object reference, int index) {
    return ((byte[]) elements(reference, index))[index];
  }

  /** {@code array.get_s} of i16; {@code & 0xFFFF} makes it {@code get_u}. */
  public static int get16(Object reference, int index) {
    return ((short[]) elements(reference, index))[index];
  }

  /** {@code array.get} of i32 and f32. */
  public static int get32(Object reference, int index) {
    return ((int[]) elements(reference, index))[index];
  }

  /** {@code array.get} of i64 and f64. */
  public static long get64(Object reference, int index) {
    return ((long[]) elements(reference, index))[index];
  }

  /** {@code array.get} of v128: the low half ({@code half} 0) or the high one (1). */
  public static long get128(Object reference, int index, int half) {
    return ((long[]) elements(reference, index))[2 * index + half];
  }

  /** {@code array.get} of a reference. */
  public static Object getRef(Object reference, int index) {
    return ((Object[]) elements(reference, index))[index];
  }

  /** {@code array.set} of i8. */
  public static void set8(Object reference, int index, int value) {
    ((byte[]) elements(reference, index))[index] = (byte) value;
  }

  /** {@code array.set} of i16. */
  public static void set16(Object reference, int index, int value) {
    ((short[]) elements(reference, index))[index] = (short) value;
  }

  /** {@code array.set} of i32 and f32. */
  public static void set32(Object reference, int index, int value) {
    ((int[]) elements(reference, index))[index] = value;
  }

  /** {@code array.set} of i64 and f64. */
  public static void set64(Object reference, int index, long value) {
    ((long[]) elements(reference, index))[index] = value;
  }

  /** {@code array.set} of v128. */
  public static void set128(Object reference, int index, long low, long high) {
    long[] elements = (long[]) elements(reference, index);
    elements[2 * index] = low;
    elements[2 * index + 1] = high;
  }

  /** {@code array.set} of a reference. */
  public static void setRef(Object reference, int index, Object value) {
    ((Object[]) elements(reference, index))[index] = value;
  }

  /** Traps unless {@code length} elements from {@code index} on exist. */
  private static void check(ArrayObject array, int index, int length) {
    if ((index & 0xFFFFFFFFL) + (length & 0xFFFFFFFFL) > array.length) {
      throw outOfBounds();
    }
  }

  /** {@code array.fill}, with the value as in {@link #create}. */
  public static void fill(
      ExecStore store, Object reference, int index, long bits, long high, Object ref, int length) {
    ArrayObject array = array(reference);
    check(array, index, length);
    store.chargeBulk(length >>> 3);
    Storage storage = storage(array.type);
    int step = STEP / storage.bytes;
    for (long done = 0; done < length; done += step) {
      if (done > 0) {
        store.checkInterruption();
      }
      int from = index + (int) done;
      int to = from + (int) Math.min(step, length - done);
      fill(array, storage, from, to, bits, high, ref);
    }
  }

  private static void fill(
      ArrayObject array, Storage storage, int from, int to, long bits, long high, Object ref) {
    switch (storage) {
      case I8 -> Arrays.fill((byte[]) array.elements, from, to, (byte) bits);
      case I16 -> Arrays.fill((short[]) array.elements, from, to, (short) bits);
      case BITS32 -> Arrays.fill((int[]) array.elements, from, to, (int) bits);
      case BITS64 -> Arrays.fill((long[]) array.elements, from, to, bits);
      case V128 -> {
        long[] elements = (long[]) array.elements;
        for (int i = 2 * from; i < 2 * to; i += 2) {
          elements[i] = bits;
          elements[i + 1] = high;
        }
      }
      case REF -> Arrays.fill((Object[]) array.elements, from, to, ref);
    }
  }

  /** {@code array.copy}; the arrays may be the same one. */
  public static void copy(
      ExecStore store, Object target, int index, Object source, int from, int length) {
    ArrayObject to = array(target);
    ArrayObject of = array(source);
    check(to, index, length);
    check(of, from, length);
    store.chargeBulk(length >>> 3);
    int unit = storage(to.type) == Storage.V128 ? 2 : 1;
    boolean backwards = to == of && index > from;
    int step = STEP / 8;
    for (long done = 0; done < length; done += step) {
      if (done > 0) {
        store.checkInterruption();
      }
      int part = (int) Math.min(step, length - done);
      int at = (int) (backwards ? length - done - part : done);
      System.arraycopy(
          of.elements, (from + at) * unit, to.elements, (index + at) * unit, part * unit);
    }
  }

  /** {@code array.init_data}. */
  public static void initData(
      ModuleInstance instance, Object target, int index, int segment, int source, int length) {
    ArrayObject array = array(target);
    Storage storage = storage(array.type);
    check(array, index, length);
    checkData(instance, segment, source, (long) length * storage.bytes);
    instance.store.chargeBulk(length >>> 3);
    readData(instance, segment, source, array, storage, index, length);
  }

  /** {@code array.init_elem}. */
  public static void initElem(
      ModuleInstance instance, Object target, int index, int segment, int source, int length) {
    ArrayObject array = array(target);
    check(array, index, length);
    Object[] from = TableOps.checkElem(instance, segment, source, length);
    instance.store.chargeBulk(length >>> 3);
    System.arraycopy(from, source, (Object[]) array.elements, index, length);
  }

  private static void checkData(ModuleInstance instance, int segment, int source, long bytes) {
    int available =
        instance.droppedData[segment] ? 0 : instance.module.datas().get(segment).length();
    if ((source & 0xFFFFFFFFL) + bytes > available) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
    }
  }

  /** Elements from a data segment, little-endian; no longer than the module, so not in steps. */
  private static void readData(
      ModuleInstance instance,
      int segment,
      int source,
      ArrayObject array,
      Storage storage,
      int index,
      int length) {
    DataSegment data = instance.module.datas().get(segment);
    byte[] bytes = data.bytes();
    int from = data.start() + source;
    switch (storage) {
      case I8 -> System.arraycopy(bytes, from, (byte[]) array.elements, index, length);
      case I16 -> {
        short[] elements = (short[]) array.elements;
        for (int i = 0; i < length; i++) {
          elements[index + i] = (short) ArrayMemory.SHORTS.get(bytes, from + 2 * i);
        }
      }
      case BITS32 -> {
        int[] elements = (int[]) array.elements;
        for (int i = 0; i < length; i++) {
          elements[index + i] = (int) ArrayMemory.INTS.get(bytes, from + 4 * i);
        }
      }
      case BITS64 -> readLongs(bytes, from, (long[]) array.elements, index, length);
      case V128 -> readLongs(bytes, from, (long[]) array.elements, 2 * index, 2 * length);
      case REF -> throw new IllegalStateException("references have no bytes");
    }
  }

  private static void readLongs(byte[] bytes, int from, long[] elements, int index, int length) {
    VarHandle longs = ArrayMemory.LONGS;
    for (int i = 0; i < length; i++) {
      elements[index + i] = (long) longs.get(bytes, from + 8 * i);
    }
  }
}
