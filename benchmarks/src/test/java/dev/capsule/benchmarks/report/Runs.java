package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs for tests. */
final class Runs {
  private Runs() {}

  /** A recorded run: a little of every group. */
  static MeasurementFile recorded() {
    try {
      return MeasurementFile.read(Path.of(Runs.class.getResource("small-run.json").toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static MeasurementFile of(Measurement... measurements) {
    return MeasurementFile.of(Arrays.asList(measurements));
  }

  static Measurement measured(String name, String engine, double... samples) {
    List<Double> list = new ArrayList<>();
    for (double each : samples) {
      list.add(each);
    }
    return new Measurement("python", name, engine, "ms", list, 0, "1");
  }
}
