package dev.capsule.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static Measurement measured(int warmup, String result, Double... samples) {
    return new Measurement("g", "n", "e", "ms", List.of(samples), warmup, result);
  }

  @Test
  void anotherProcessAddsItsWarmSamples() {
    Measurement both = measured(1, "42", 9.0, 1.0).and(measured(2, "42", 8.0, 7.0, 2.0));
    assertEquals(measured(1, "42", 9.0, 1.0, 2.0), both);
    assertEquals(List.of(1.0, 2.0), both.warm());
  }

  @Test
  void processesThatComputeSomethingElseAreNotMixed() {
    Measurement first = measured(0, "42", 1.0);
    Measurement second = measured(0, "43", 1.0);
    assertThrows(BenchmarkException.class, () -> first.and(second));
  }
}
