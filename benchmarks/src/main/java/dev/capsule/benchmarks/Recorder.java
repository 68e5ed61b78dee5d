package dev.capsule.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what a run measures. A result that is not that of the other engines ends the group. */
public final class Recorder {
  private static final MathContext DIGITS = new MathContext(5);

  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Omission> omissions = new ArrayList<>();
  private final Map<String, GroupRun> groups = new LinkedHashMap<>();
  private final Map<String, Measurement> first = new HashMap<>();
  private final long begin = System.nanoTime();
  private boolean hasFailed;

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
    say(
        String.format(
            Locale.ROOT,
            "%s/%s %s: %.4g %s",
            measurement.group(),
            measurement.name(),
            measurement.engine(),
            measurement.median(),
            measurement.unit()));
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
    say(
        "%s/%s %s: left out: %s"
            .formatted(omission.group(), omission.name(), omission.engine(), omission.reason()));
  }

  /** Notes what should have been measured: the run goes on, but is a failure. */
  public void fail(Omission failure) {
    hasFailed = true;
    omit(
        new Omission(
            failure.group(), failure.name(), failure.engine(), "FAILED: " + failure.reason()));
  }

  /** Whether something has failed. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** Notes how a group was measured. */
  void end(String group, GroupRun run) {
    groups.put(group, run);
  }

  /** Says on the standard error what the run is doing, with the time since its begin. */
  public void say(String text) {
    System.err.println("[" + GroupRun.minutes((System.nanoTime() - begin) / 1e9) + "] " + text);
  }

  /** All of it. */
  public MeasurementFile file(Map<String, String> machine) {
    return new MeasurementFile(machine, new LinkedHashMap<>(groups), measurements, omissions);
  }
}
