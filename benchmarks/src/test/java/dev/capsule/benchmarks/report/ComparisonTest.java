package dev.capsule.benchmarks.report;

import static dev.capsule.benchmarks.report.Runs.measured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.benchmarks.MeasurementFile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest(name = "{0} -> {1} in {2}: {3}")
  @CsvSource({
    "10 10 11 11, 20 20 21 21, capsule-jit, true",
    // The middle halves overlap.
    "10 11 18 30, 12 16 19 30, capsule-jit, false",
    // Less than 5 %.
    "100 100 100 100, 104 104 104 104, capsule-jit, false",
    "20 20 21 21, 10 10 11 11, capsule-jit, false",
    // Somebody else's engine.
    "10 10 11 11, 20 20 21 21, v8, false",
    // Single samples have to differ by a quarter.
    "100, 120, capsule, false",
    "100, 130, capsule, true",
  })
  void aRegressionIsSlowerThanTheSpreadExplains(
      String before, String after, String engine, boolean expected) {
    Comparison comparison =
        Comparison.of(
            Runs.of(measured("a", engine, numbers(before))),
            Runs.of(measured("a", engine, numbers(after))));
    assertEquals(expected, comparison.hasRegressions());
    assertEquals(expected, comparison.table().contains("REGRESSION"), comparison.table());
  }

  @Test
  void regressionsComeFirstAndWhatIsGoneIsNamed() {
    MeasurementFile before =
        Runs.of(
            measured("same", "capsule-jit", 10, 10, 10, 10),
            measured("slower", "capsule-jit", 10, 10, 10, 10),
            measured("lost", "capsule-jit", 10));
    MeasurementFile after =
        Runs.of(
            measured("same", "capsule-jit", 10, 10, 10, 10),
            measured("slower", "capsule-jit", 30, 30, 30, 30));
    String table = Comparison.of(before, after).table();
    assertTrue(table.indexOf("python: slower") < table.indexOf("python: same"), table);
    assertTrue(table.contains("+200.0 %"), table);
    assertTrue(table.contains("Gone: python: lost in capsule-jit"), table);
    assertTrue(table.contains("2 compared, 1 regressions, 0 faster"), table);
  }

  @Test
  void aRunIsNoRegressionOfItself() {
    MeasurementFile run = Runs.recorded();
    Comparison comparison = Comparison.of(run, run);
    assertFalse(comparison.hasRegressions(), comparison.table());
  }
}
