package dev.capsule.engine.exec;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The content of a memory, less what is zero and what instantiation puts there anyway.
 *
 * @param bytes its size
 * @param kinds what each piece of {@link #PIECE} bytes holds
 * @param content the pieces of kind {@link #OWN}, one after the other
 */
public record MemoryImage(long bytes, byte[] kinds, byte[] content) {
  /** Bytes that are treated alike. */
  public static final int PIECE = 4096;

  /** Zero in a new memory and now. */
  static final byte ZERO = 0;

  /** As the module's data segments made it. */
  static final byte INITIAL = 1;

  /** Made by a data segment, zero now. */
  static final byte CLEARED = 2;

  /** Neither. */
  public static final byte OWN = 3;

  private static final byte[] ZEROS = new byte[PIECE];

  /**
   * Takes a memory's content.
   *
   * @param initial what data segments made of it; may be shorter, zeros follow
   */
  static MemoryImage of(LinearMemory memory, byte[] initial) {
    long size = memory.byteSize();
    byte[] kinds = new byte[Math.toIntExact((size + PIECE - 1) / PIECE)];
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    for (int i = 0; i < kinds.length; i++) {
      long at = (long) i * PIECE;
      int length = (int) Math.min(PIECE, size - at);
      memory.read(at, piece, 0, length);
      boolean zero = Arrays.equals(piece, 0, length, ZEROS, 0, length);
      kinds[i] = kind(zero, piece, length, initial, at);
      if (kinds[i] == OWN) {
        content.write(piece, 0, length);
      }
    }
    return new MemoryImage(size, kinds, content.toByteArray());
  }

  private static byte kind(boolean zero, byte[] piece, int length, byte[] initial, long at) {
    boolean within = at + length <= initial.length;
    int from = (int) Math.min(at, Integer.MAX_VALUE - PIECE);
    if (!within) {
      boolean touched = at < initial.length;
      return zero ? (touched ? CLEARED : ZERO) : OWN;
    }
    if (Arrays.equals(piece, 0, length, initial, from, from + length)) {
      return zero ? ZERO : INITIAL;
    }
    return zero ? CLEARED : OWN;
  }

  /** Puts the content to a memory of this size, to which data segments have been applied. */
  void restore(LinearMemory memory) {
    int next = 0;
    for (int i = 0; i < kinds.length; i++) {
      long at = (long) i * PIECE;
      int length = (int) Math.min(PIECE, bytes - at);
      switch (kinds[i]) {
        case ZERO, INITIAL -> {}
        case CLEARED -> memory.fill(at, (byte) 0, length);
        default -> {
          memory.write(at, content, next, length);
          next += length;
        }
      }
    }
  }

  /** Whether the parts fit together. */
  public boolean isConsistent() {
    long own = 0;
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] < ZERO || kinds[i] > OWN) {
        return false;
      }
      own += kinds[i] == OWN ? Math.min(PIECE, bytes - (long) i * PIECE) : 0;
    }
    return bytes >= 0 && kinds.length == (bytes + PIECE - 1) / PIECE && content.length == own;
  }
}
