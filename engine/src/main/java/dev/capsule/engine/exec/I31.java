package dev.capsule.engine.exec;

/** An unboxed scalar reference (spec 4.2.3); {@code value} holds the low 31 bits, sign-extended. */
public record I31(int value) {
  /** {@code ref.i31}. */
  public static I31 of(int value) {
    return new I31(value << 1 >> 1);
  }

  /** {@code i31.get_u}. */
  public int unsigned() {
    return value & 0x7FFFFFFF;
  }
}
