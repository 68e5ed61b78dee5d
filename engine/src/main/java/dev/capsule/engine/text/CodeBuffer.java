package dev.capsule.engine.text;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.Arrays;

/** Growing bytes with the encodings of chapter 5 that instructions need. */
final class CodeBuffer {
  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Takes the bytes from {@code start} on off the end. */
  byte[] cut(int start) {
    byte[] tail = Arrays.copyOfRange(bytes, start, size);
    size = start;
    return tail;
  }

  void clear() {
    size = 0;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  void u8(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  void bytes(byte[] more) {
    ensure(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  void u32(int value) {
    u64(value & 0xFFFFFFFFL);
  }

  void u64(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A signed number of any width: the encoding depends on its value alone. */
  void signed(long value) {
    ensure(10);
    long rest = value;
    while (rest < -64 || rest > 63) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>= 7;
    }
    bytes[size++] = (byte) (rest & 0x7F);
  }

  void fixed32(int value) {
    for (int i = 0; i < 4; i++) {
      u8(value >>> 8 * i);
    }
  }

  void fixed64(long value) {
    fixed32((int) value);
    fixed32((int) (value >>> 32));
  }

  void opcode(Opcode op) {
    if (op.prefix() == 0) {
      u8(op.code());
    } else {
      u8(op.prefix());
      u32(op.code());
    }
  }

  /** A heap type whose type index, if any, is an {@link UnknownType}. */
  void heapType(HeapType type) {
    if (type instanceof UnknownType unresolved) {
      signed(unresolved.index() & 0xFFFFFFFFL);
    } else {
      u8(((AbsHeapType) type).code());
    }
  }

  /** A value type whose type index, if any, is an {@link UnknownType}. */
  void valType(ValType type) {
    switch (type) {
      case NumType num -> u8(0x7F - num.ordinal());
      case VecType vec -> u8(0x7B);
      case RefType ref -> {
        if (!ref.nullable() || ref.heap() instanceof UnknownType) {
          u8(ref.nullable() ? 0x63 : 0x64);
        }
        heapType(ref.heap());
      }
    }
  }
}
