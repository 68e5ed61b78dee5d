package dev.capsule.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what a run measures. A result that is not that of the other engines ends the run. */
public final class Recorder {
  private static final MathContext DIGITS = new MathContext(5);

  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Omission> omissions = new ArrayList<>();
  private final Map<String, Measurement> first = new HashMap<>();

  /**
   * Takes a measurement, and says so on the standard error.
   *
   * @throws BenchmarkException when its result is not that of another engine for the same work
   */
  public void add(Measurement measurement) {
    Measurement other =
        first.putIfAbsent(measurement.group() + "/" + measurement.name(), measurement);
    if (other != null && !other.result().equals(measurement.result())) {
      throw new BenchmarkException(
          "%s/%s: %s computed %s, but %s computed %s"
              .formatted(
                  measurement.group(),
                  measurement.name(),
                  measurement.engine(),
                  measurement.result(),
                  other.engine(),
                  other.result()));
    }
    measurements.add(rounded(measurement));
    System.err.printf(
        Locale.ROOT,
        "%s/%s %s: %.4g %s%n",
        measurement.group(),
        measurement.name(),
        measurement.engine(),
        measurement.median(),
        measurement.unit());
  }

  /** More digits than these no one can measure. */
  private static Measurement rounded(Measurement measurement) {
    return new Measurement(
        measurement.group(),
        measurement.name(),
        measurement.engine(),
        measurement.unit(),
        measurement.samples().stream()
            .map(each -> BigDecimal.valueOf(each).round(DIGITS).doubleValue())
            .toList(),
        measurement.warmup(),
        measurement.result());
  }

  /** Notes what was not measured, and why. */
  public void omit(Omission omission) {
    omissions.add(omission);
    System.err.printf(
        "%s/%s %s: left out: %s%n",
        omission.group(), omission.name(), omission.engine(), omission.reason());
  }

  /** All of it. */
  public MeasurementFile file(Map<String, String> machine) {
    return new MeasurementFile(machine, measurements, omissions);
  }
}
