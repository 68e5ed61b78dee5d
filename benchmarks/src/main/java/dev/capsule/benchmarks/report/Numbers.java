package dev.capsule.benchmarks.report;

import java.util.Locale;

/** Numbers as people read them: three digits that matter. */
final class Numbers {
  private Numbers() {}

  static String plain(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    String format = size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return size < 0.01
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, format, value);
  }

  static String ratio(double value) {
    return plain(value) + "×";
  }

  /** A value with its unit; from a second on, milliseconds become seconds. */
  static String withUnit(double value, String unit) {
    return unit.equals("ms") && value >= 1000
        ? plain(value / 1000) + " s"
        : plain(value) + " " + unit;
  }
}
