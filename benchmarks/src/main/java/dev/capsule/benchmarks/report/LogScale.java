package dev.capsule.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic scale.
 *
 * @param least the value at {@code from}
 * @param most the value at {@code to}
 */
record LogScale(double least, double most, double from, double to) {
  private static final double[] STEPS = {1, 2, 5};
  private static final int DECADES_WITH_STEPS = 3;

  /** A scale that has these values within, with a margin. */
  static LogScale of(List<Double> values, double from, double to) {
    double least = values.stream().mapToDouble(each -> each).min().orElse(1);
    double most = values.stream().mapToDouble(each -> each).max().orElse(1);
    double margin = Math.max(Math.pow(most / least, 0.04), 1.1);
    return new LogScale(least / margin, most * margin, from, to);
  }

  double at(double value) {
    double share = Math.log(value / least) / Math.log(most / least);
    return from + (to - from) * share;
  }

  /**
   * Round values within: 1, 2 and 5 of every power of ten, or only the powers if there are many.
   */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    boolean many = Math.log10(most / least) > DECADES_WITH_STEPS;
    for (int power = (int) Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
      for (double step : STEPS) {
        double value = step * Math.pow(10, power);
        if (value >= least && value <= most && (step == 1 || !many)) {
          ticks.add(value);
        }
      }
    }
    return ticks;
  }
}
