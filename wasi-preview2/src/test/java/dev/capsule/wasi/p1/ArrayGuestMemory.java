package dev.capsule.wasi.p1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A guest memory that is an array. */
final class ArrayGuestMemory implements GuestMemory {
  /** Stands for the trap. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final byte[] bytes;
  private final ByteBuffer view;

  ArrayGuestMemory(int size) {
    bytes = new byte[size];
    view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public RuntimeException outOfBounds() {
    return new Fault();
  }

  private int at(long address, int length) {
    check(address, length);
    return (int) address;
  }

  @Override
  public int getByte(long address) {
    return view.get(at(address, 1)) & 0xFF;
  }

  @Override
  public int getShort(long address) {
    return view.getShort(at(address, 2)) & 0xFFFF;
  }

  @Override
  public int getInt(long address) {
    return view.getInt(at(address, 4));
  }

  @Override
  public long getLong(long address) {
    return view.getLong(at(address, 8));
  }

  @Override
  public void putByte(long address, int value) {
    view.put(at(address, 1), (byte) value);
  }

  @Override
  public void putShort(long address, int value) {
    view.putShort(at(address, 2), (short) value);
  }

  @Override
  public void putInt(long address, int value) {
    view.putInt(at(address, 4), value);
  }

  @Override
  public void putLong(long address, long value) {
    view.putLong(at(address, 8), value);
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    System.arraycopy(bytes, at(address, length), into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    System.arraycopy(from, offset, bytes, at(address, length), length);
  }
}
