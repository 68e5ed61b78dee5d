package dev.capsule.engine.exec;

import java.util.Objects;

/**
 * Accesses of compiled code to the array of memory 0, one method for each width, with a static
 * offset and without. HotSpot's optimising compiler inlines all of them, having at most 35 bytes.
 * Its fast compiler shall not: there an access in line is a dozen nested methods, each with
 * counters, and code that has not been optimised yet would be many times larger and slower. It
 * leaves alone what uses more than a few places for values; that is what the locals are for that
 * nobody reads.
 *
 * <p>An address is unsigned, an offset below {@link ArrayMemory#MAX_BYTES}, and {@code size} what
 * {@link MemoryBound#size} says. A size that is less than what is subtracted from it leaves a
 * negative one, below which no index is.
 *
 * @throws IndexOutOfBoundsException where the access is out of bounds, from all of them
 */
public final class ArrayAccess {
  private ArrayAccess() {}

  /**
   * What to check of an address without offset besides what the array's own instruction checks:
   * nothing, where the array is its own bound.
   */
  private static int bounded(int address, int size) {
    return address & (size - Integer.MAX_VALUE) >> 31;
  }

  // A plain get of a byte is the array's own instruction, whose exceptions have no stack trace
  // where they are many: the trap's place would be lost. An opaque one checks as others do.
  public static byte getByte(int address, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - offset) + offset;
    return (byte) ArrayMemory.BYTES.getOpaque(bytes, index);
  }

  public static byte getByte(int address, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size);
    return (byte) ArrayMemory.BYTES.getOpaque(bytes, address);
  }

  public static short getShort(int address, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 1)) + offset;
    return (short) ArrayMemory.SHORTS.get(bytes, index);
  }

  public static short getShort(int address, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 1);
    return (short) ArrayMemory.SHORTS.get(bytes, address);
  }

  public static int getInt(int address, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 3)) + offset;
    return (int) ArrayMemory.INTS.get(bytes, index);
  }

  public static int getInt(int address, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 3);
    return (int) ArrayMemory.INTS.get(bytes, address);
  }

  public static long getLong(int address, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 7)) + offset;
    return (long) ArrayMemory.LONGS.get(bytes, index);
  }

  public static long getLong(int address, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 7);
    return (long) ArrayMemory.LONGS.get(bytes, address);
  }

  public static void setByte(int address, int value, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - offset) + offset;
    bytes[Objects.checkIndex(index, bytes.length)] = (byte) value;
  }

  public static void setByte(int address, int value, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size);
    bytes[Objects.checkIndex(address, bytes.length)] = (byte) value;
  }

  public static void setShort(int address, int value, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 1)) + offset;
    ArrayMemory.SHORTS.set(bytes, index, (short) value);
  }

  public static void setShort(int address, int value, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 1);
    ArrayMemory.SHORTS.set(bytes, address, (short) value);
  }

  public static void setInt(int address, int value, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 3)) + offset;
    ArrayMemory.INTS.set(bytes, index, value);
  }

  public static void setInt(int address, int value, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 3);
    ArrayMemory.INTS.set(bytes, address, value);
  }

  public static void setLong(int address, long value, int offset, byte[] bytes, int size) {
    long a, b, c, d;
    int index = Objects.checkIndex(address, size - (offset + 7)) + offset;
    ArrayMemory.LONGS.set(bytes, index, value);
  }

  public static void setLong(int address, long value, byte[] bytes, int size) {
    long a, b, c, d;
    Objects.checkIndex(bounded(address, size), size - 7);
    ArrayMemory.LONGS.set(bytes, address, value);
  }
}
