package dev.capsule.benchmarks.report;

import static dev.capsule.benchmarks.report.Runs.measured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.benchmarks.Measurement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RatiosTest {
  private static final List<Measurement> GROUP =
      List.of(
          measured("a", "v8", 10),
          measured("a", "fast", 5, 5, 5),
          measured("b", "v8", 10),
          measured("b", "fast", 20),
          measured("b", "slow", 400),
          measured("only there", "fast", 1));

  private final Ratios ratios = Ratios.of(GROUP, "v8").orElseThrow();

  @Test
  void everyProgramIsComparedWithItsOwnBaseline() {
    assertEquals(List.of("a", "b"), ratios.names());
    assertEquals(0.5, ratios.ratio("fast", "a").orElseThrow().median());
    assertEquals(2, ratios.ratio("fast", "b").orElseThrow().median());
    assertEquals(1, ratios.mean("fast"), 1e-9);
  }

  @Test
  void whatWasNotMeasuredIsMissing() {
    assertEquals(Optional.empty(), ratios.ratio("slow", "a"));
    assertEquals(1, ratios.count("slow"));
    assertEquals(40, ratios.mean("slow"), 1e-9);
  }

  @Test
  void withoutABaselineThereAreNone() {
    assertTrue(Ratios.of(GROUP, "other").isEmpty());
  }
}
