package dev.capsule.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capsule.benchmarks.Measurement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpreadTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "0.25, 1.75", "0.5, 2.5", "0.75, 3.25", "1, 4"})
  void quantilesLieBetweenSamplesInProportion(double share, double expected) {
    assertEquals(expected, Spread.quantile(List.of(1.0, 2.0, 3.0, 4.0), share), 1e-9);
  }

  @Test
  void warmUpDoesNotCount() {
    Measurement measurement =
        new Measurement("g", "n", "e", "ms", List.of(900.0, 800.0, 3.0, 1.0, 2.0), 2, "");
    assertEquals(new Spread(1.5, 2, 2.5, 3), Spread.of(measurement));
  }

  @Test
  void theMeanOfTwiceAndHalfIsOne() {
    assertEquals(1, Spread.geometricMean(List.of(2.0, 0.5)), 1e-9);
  }
}
