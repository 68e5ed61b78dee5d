package dev.capsule.engine.module;

/**
 * A piece of a module's bytes: a function body's instructions or a constant expression, up to and
 * including its {@code end}. The array is shared and must not be changed; {@code base} is the
 * offset in the module's file of the array's first byte, so that errors can name places.
 */
public record CodeSlice(byte[] bytes, int start, int end, int base) {
  /** The offset in the module's file of a position in the array. */
  public int fileOffset(int position) {
    return base + position;
  }

  /** Length in bytes. */
  public int length() {
    return end - start;
  }
}
