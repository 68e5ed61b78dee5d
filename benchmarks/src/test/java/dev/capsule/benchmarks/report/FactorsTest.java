package dev.capsule.benchmarks.report;

import static dev.capsule.benchmarks.report.Runs.measured;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FactorsTest {
  private static final MeasurementFile RUN =
      Runs.of(
          measured("a", "capsule-interpreter", 10),
          measured("b", "capsule-interpreter", 10),
          measured("a", "chicory-interpreter", 200),
          measured("b", "chicory-interpreter", 800),
          measured("a", "chicory-compiler", 1),
          measured("a", "capsule-jit", 2),
          measured("b", "capsule-jit", 2),
          new Measurement(
              "warm-up", "javascript: mixed", "capsule-jit", "ms", List.of(9.0, 3.0), 1, "1"),
          new Measurement(
              "warm-up", "javascript: mixed", "chicory-compiler", "ms", List.of(90.0), 0, "1"));

  @Test
  void interpretersAreComparedWithInterpretersAndCompilersWithCompilers() {
    Factors factors = Factors.of(RUN);
    assertEquals(List.of("python", "warm-up, javascript: mixed"), factors.columns());
    assertEquals(
        List.of(
            "capsule-interpreter, chicory-interpreter: [40.0×, -]",
            "capsule-jit, chicory-compiler: [0.50× (1 of 2), 30.0×]"),
        factors.rows().stream()
            .map(
                row ->
                    "%s, %s: %s"
                        .formatted(
                            row.ours(),
                            row.peer(),
                            row.values().stream()
                                .map(each -> each.map(Factors.Factor::toString).orElse("-"))
                                .toList()))
            .toList());
  }

  @Test
  void theTablesShowThemAndMarkWhereThePeerIsFaster() {
    String text = new Report(RUN).markdown();
    assertTrue(text.contains("| capsule-interpreter, chicory-interpreter | 40.0× | - |"), text);
    assertTrue(text.contains("| **0.50× (1 of 2)** | 30.0× |"), text);
    String html = new Page(RUN).html();
    assertTrue(html.contains("<td>40.0×</td>"), html);
    assertTrue(html.contains("<td class=\"lost\">0.50× (1 of 2)</td>"), html);
  }

  @Test
  void withoutPeersThereIsNoTable() {
    MeasurementFile alone = Runs.of(measured("a", "capsule-jit", 10), measured("a", "v8", 10));
    assertEquals(List.of(), Factors.of(alone).rows());
    assertTrue(
        Stream.of(new Report(alone).markdown(), new Page(alone).html())
            .noneMatch(each -> each.contains("How many times faster")));
  }
}
