package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import java.util.Collection;
import java.util.List;

/**
 * What a measurement's warm samples say: the median and the quartiles around it.
 *
 * @param low the first quartile
 * @param median the middle
 * @param high the third quartile
 * @param count how many samples there are
 */
record Spread(double low, double median, double high, int count) {
  static Spread of(Measurement measurement) {
    return of(measurement.warm());
  }

  static Spread of(Collection<Double> samples) {
    List<Double> sorted = samples.stream().sorted().toList();
    return new Spread(
        quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75), sorted.size());
  }

  /** The value below which that share of the sorted samples lies, between two in proportion. */
  static double quantile(List<Double> sorted, double share) {
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (sorted.get(above) - sorted.get(below)) * (at - below);
  }

  /** The mean of ratios. */
  static double geometricMean(Collection<Double> ratios) {
    return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
  }

  Spread dividedBy(double by) {
    return new Spread(low / by, median / by, high / by, count);
  }
}
