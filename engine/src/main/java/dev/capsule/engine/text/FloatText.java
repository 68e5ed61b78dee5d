package dev.capsule.engine.text;

/** Floating-point literals that read back to the same bits (spec 6.3.2). */
final class FloatText {
  private FloatText() {}

  /** An {@code f32} given by its bits. */
  static String of(int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isNaN(value)) {
      return nan(bits < 0, bits & 0x7F_FFFF, 1 << 22);
    }
    return Float.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Float.toString(value);
  }

  /** An {@code f64} given by its bits. */
  static String of(long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isNaN(value)) {
      return nan(bits < 0, bits & 0xF_FFFF_FFFF_FFFFL, 1L << 51);
    }
    return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
  }

  private static String nan(boolean negative, long payload, long canonical) {
    return (negative ? "-nan" : "nan")
        + (payload == canonical ? "" : ":0x" + Long.toHexString(payload));
  }
}
