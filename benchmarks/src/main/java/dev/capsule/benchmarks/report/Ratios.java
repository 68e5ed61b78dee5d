package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group in which every engine's time is compared with one engine's.
 *
 * @param baseline the engine whose times are 1
 * @param names the programs that the baseline has run, in order
 * @param engines all engines but the baseline, in order
 * @param ratios by engine and program
 */
record Ratios(
    String baseline,
    List<String> names,
    List<String> engines,
    Map<String, Map<String, Spread>> ratios) {

  /** Empty where the baseline has run nothing. */
  static Optional<Ratios> of(List<Measurement> group, String baseline) {
    Map<String, Double> ones = new LinkedHashMap<>();
    for (Measurement each : group) {
      if (each.engine().equals(baseline)) {
        ones.put(each.name(), Spread.of(each).median());
      }
    }
    if (ones.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Map<String, Spread>> ratios = new LinkedHashMap<>();
    for (Measurement each : group) {
      Double one = ones.get(each.name());
      if (one != null && !each.engine().equals(baseline)) {
        ratios
            .computeIfAbsent(each.engine(), engine -> new LinkedHashMap<>())
            .put(each.name(), Spread.of(each).dividedBy(one));
      }
    }
    return Optional.of(
        new Ratios(baseline, List.copyOf(ones.keySet()), new ArrayList<>(ratios.keySet()), ratios));
  }

  Optional<Spread> ratio(String engine, String name) {
    return Optional.ofNullable(ratios.getOrDefault(engine, Map.of()).get(name));
  }

  /** The geometric mean over the programs that the engine has run. */
  double mean(String engine) {
    return Spread.geometricMean(ratios.get(engine).values().stream().map(Spread::median).toList());
  }

  /** How many of the programs the engine has run. */
  int count(String engine) {
    return ratios.get(engine).size();
  }
}
