package dev.capsule.wasi.p1;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The arguments of one call, by position. */
record Call(GuestMemory memory, long[] arguments) {
  /** Longer paths are refused before they are copied. */
  private static final int MAX_PATH = 64 * 1024;

  int i32(int index) {
    return (int) arguments[index];
  }

  long i64(int index) {
    return arguments[index];
  }

  long pointer(int index) {
    return Integer.toUnsignedLong(i32(index));
  }

  /** Flags of which only those in {@code known} may be set. */
  int flags(int index, int known) {
    int flags = i32(index);
    if ((flags & ~known) != 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    return flags;
  }

  IoVectors vectors(int index) {
    return new IoVectors(memory, pointer(index), i32(index + 1));
  }

  /** A string given by pointer and length. */
  String string(int index) {
    long length = pointer(index + 1);
    memory.check(pointer(index), length);
    if (length > MAX_PATH) {
      throw new Preview1Error(Errno.NAMETOOLONG);
    }
    byte[] bytes = new byte[(int) length];
    memory.read(pointer(index), bytes, 0, bytes.length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Preview1Error(Errno.ILSEQ);
    }
  }
}
