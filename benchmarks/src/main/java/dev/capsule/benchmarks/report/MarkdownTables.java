package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables of the README: means of ratios by engine, times of starts and tasks, and losses. */
final class MarkdownTables {
  private static final String DEFAULT_ENGINE = "capsule-tiered";

  private final MeasurementFile run;
  private final Map<String, List<Measurement>> groups;

  MarkdownTables(MeasurementFile run) {
    this.run = run;
    this.groups = Groups.of(run);
  }

  /** Everything. */
  String text() {
    return text(List.of("commands", "tasks", "memory", "start"));
  }

  /** What a README has room for. */
  String summary() {
    return text(List.of("commands", "tasks"));
  }

  private String text(List<String> timed) {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ").append(String.join(", ", described())).append(".\n");
    Map<String, Ratios> ratios = ratios();
    if (!ratios.isEmpty()) {
      means(text, ratios);
      losses(text, ratios);
    }
    for (String group : timed) {
      if (groups.containsKey(group)) {
        times(text, group, groups.get(group));
      }
    }
    return text.toString();
  }

  private List<String> described() {
    List<String> facts = new ArrayList<>();
    Map<String, String> machine = run.machine();
    facts.add(machine.getOrDefault("processor", "an unknown processor"));
    facts.add(machine.getOrDefault("processors", "?") + " processors");
    facts.add(machine.getOrDefault("JDK", "an unknown JDK"));
    facts.add("node " + machine.getOrDefault("node", "unknown"));
    facts.add(machine.getOrDefault("date", "no date"));
    facts.add("a " + machine.getOrDefault("run", "partial") + " run");
    return facts;
  }

  private Map<String, Ratios> ratios() {
    Map<String, Ratios> ratios = new LinkedHashMap<>();
    for (String group : List.of("python", "javascript", "kernels")) {
      Ratios.of(groups.getOrDefault(group, List.of()), Groups.V8)
          .ifPresent(each -> ratios.put(group, each));
    }
    return ratios;
  }

  /** Engine by group: the geometric mean of times over V8's. */
  private void means(StringBuilder text, Map<String, Ratios> ratios) {
    text.append(
        "\nTime over V8's for the same WebAssembly, warm, geometric mean; less is better:\n\n");
    text.append("| engine |");
    ratios.keySet().forEach(each -> text.append(' ').append(Groups.title(each)).append(" |"));
    text.append("\n|---|").append("--:|".repeat(ratios.size())).append("\n| V8 |");
    text.append(" 1 |".repeat(ratios.size())).append('\n');
    Set<String> engines = new LinkedHashSet<>();
    ratios.values().forEach(each -> engines.addAll(each.engines()));
    for (String engine : engines) {
      text.append("| ").append(engine).append(" |");
      for (Ratios each : ratios.values()) {
        text.append(' ').append(mean(each, engine)).append(" |");
      }
      text.append('\n');
    }
    text.append("\nReproduce it with");
    ratios
        .keySet()
        .forEach(each -> text.append(" `").append(Groups.command(each, isQuick())).append('`'));
    text.append(".\n");
  }

  private boolean isQuick() {
    return "quick".equals(run.machine().get("run"));
  }

  private static String mean(Ratios ratios, String engine) {
    if (!ratios.engines().contains(engine)) {
      return "-";
    }
    String mean = Numbers.plain(ratios.mean(engine));
    int count = ratios.count(engine);
    int all = ratios.names().size();
    return count == all ? mean : "%s (%d of %d)".formatted(mean, count, all);
  }

  private static void losses(StringBuilder text, Map<String, Ratios> ratios) {
    List<String> lost = new ArrayList<>();
    ratios.forEach(
        (group, each) -> {
          for (String name : each.names()) {
            Optional<Spread> ours = each.ratio(DEFAULT_ENGINE, name);
            if (ours.isPresent() && ours.get().low() > 1) {
              lost.add("%s %s %s".formatted(group, name, Numbers.ratio(ours.get().median())));
            }
          }
        });
    if (!lost.isEmpty()) {
      text.append("\nWhere ")
          .append(DEFAULT_ENGINE)
          .append(" loses to V8: ")
          .append(String.join(", ", lost))
          .append(".\n");
    }
  }

  /** Every measurement of a group: the median, the middle half, and the slowest hundredth. */
  private void times(StringBuilder text, String group, List<Measurement> measurements) {
    text.append("\n").append(Groups.title(group)).append(":\n\n");
    text.append(
        "| what | engine | median | quartiles | p99 | samples |\n|---|---|--:|--:|--:|--:|\n");
    for (Measurement each : measurements) {
      Spread spread = Spread.of(each);
      double p99 = Spread.quantile(each.warm().stream().sorted().toList(), 0.99);
      text.append(
          "| %s | %s | %s | %s | %s | %d |%n"
              .formatted(
                  each.name(),
                  each.engine(),
                  Numbers.withUnit(spread.median(), each.unit()),
                  spread.count() < 2
                      ? ""
                      : Numbers.plain(spread.low()) + " – " + Numbers.plain(spread.high()),
                  spread.count() < 100 ? "" : Numbers.withUnit(p99, each.unit()),
                  spread.count()));
    }
    text.append("\nReproduce it with `").append(Groups.command(group, isQuick())).append("`.\n");
  }
}
