package dev.capsule.task.guest.sandbox;

import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.wasi.p1.GuestMemory;

/** An engine's memory as preview 1 wants to see it. */
record EngineMemory(Memory memory) implements GuestMemory {
  @Override
  public long size() {
    return memory.byteSize();
  }

  @Override
  public RuntimeException outOfBounds() {
    return new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
  }

  @Override
  public int getByte(long address) {
    return memory.getByte(address) & 0xff;
  }

  @Override
  public int getShort(long address) {
    return memory.getShort(address) & 0xffff;
  }

  @Override
  public int getInt(long address) {
    return memory.getInt(address);
  }

  @Override
  public long getLong(long address) {
    return memory.getLong(address);
  }

  @Override
  public void putByte(long address, int value) {
    memory.putByte(address, (byte) value);
  }

  @Override
  public void putShort(long address, int value) {
    memory.putShort(address, (short) value);
  }

  @Override
  public void putInt(long address, int value) {
    memory.putInt(address, value);
  }

  @Override
  public void putLong(long address, long value) {
    memory.putLong(address, value);
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    memory.read(address, into, offset, length);
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    memory.write(address, from, offset, length);
  }
}
