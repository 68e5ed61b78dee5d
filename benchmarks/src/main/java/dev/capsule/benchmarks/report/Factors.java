package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many times faster this project's engines are than a peer of the same kind: interpreters
 * against interpreters, what compiles against compilers.
 *
 * @param columns what was run, in order
 * @param rows a pair of engines each
 */
record Factors(List<String> columns, List<Row> rows) {
  private static final String GRAALWASM = "graalwasm";

  /** Compares like with like; GraalWasm on a JDK without its compiler is an interpreter. */
  private static final Map<String, List<String>> RIVALS = new LinkedHashMap<>();

  static {
    List<String> compilers = List.of("chicory-compiler", "endive-compiler", GRAALWASM);
    RIVALS.put(
        "capsule-interpreter", List.of("chicory-interpreter", "endive-interpreter", GRAALWASM));
    RIVALS.put("capsule-jit", compilers);
    RIVALS.put("capsule-tiered", compilers);
  }

  /**
   * One pair of engines.
   *
   * @param values for each column how many times faster, where both have run something
   */
  record Row(String ours, String peer, List<Optional<Factor>> values) {}

  /**
   * A geometric mean.
   *
   * @param mean of the peer's times over ours
   * @param count how many programs both have run
   * @param all how many programs we have run
   */
  record Factor(double mean, int count, int all) {
    @Override
    public String toString() {
      String text = Numbers.ratio(mean);
      return count == all ? text : "%s (%d of %d)".formatted(text, count, all);
    }
  }

  static Factors of(MeasurementFile run) {
    Map<String, List<Measurement>> columns = Groups.compared(run);
    List<Row> rows = new ArrayList<>();
    RIVALS.forEach(
        (ours, peers) -> {
          for (String peer : peers) {
            List<Optional<Factor>> values =
                columns.values().stream().map(each -> factor(each, ours, peer)).toList();
            if (values.stream().anyMatch(Optional::isPresent)) {
              rows.add(new Row(ours, peer, values));
            }
          }
        });
    return new Factors(List.copyOf(columns.keySet()), rows);
  }

  private static Optional<Factor> factor(List<Measurement> column, String ours, String peer) {
    return Ratios.of(column, ours)
        .filter(ratios -> ratios.engines().contains(peer))
        .map(each -> new Factor(each.mean(peer), each.count(peer), each.names().size()));
  }
}
