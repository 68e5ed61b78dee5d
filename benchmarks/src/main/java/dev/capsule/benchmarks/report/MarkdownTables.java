package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.GroupRun;
import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables of the README: means of ratios by engine, times of starts and tasks, and losses. */
final class MarkdownTables {
  private final MeasurementFile run;
  private final Map<String, List<Measurement>> groups;
  private final Losses losses;

  MarkdownTables(MeasurementFile run) {
    this.run = run;
    this.groups = Groups.of(run);
    this.losses = Losses.of(groups);
  }

  /** Everything. */
  String text() {
    return text(List.of("commands", "tasks", "stops", "memory", "start"));
  }

  /** What a README has room for. */
  String summary() {
    return text(List.of("commands", "tasks"));
  }

  private String text(List<String> timed) {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ").append(String.join(", ", described())).append(".\n");
    took(text);
    Map<String, Ratios> ratios = ratios();
    if (!ratios.isEmpty()) {
      means(text, ratios);
    }
    factors(text);
    losses(text);
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

  private void took(StringBuilder text) {
    List<String> groups = new ArrayList<>();
    double all = 0;
    for (String group : this.groups.keySet()) {
      if (run.groups().containsKey(group)) {
        double seconds = run.groups().get(group).seconds();
        groups.add(group + " " + GroupRun.minutes(seconds));
        all += seconds;
      }
    }
    if (!groups.isEmpty()) {
      text.append("It took %s: %s.%n".formatted(GroupRun.minutes(all), String.join(", ", groups)));
    }
  }

  private Map<String, Ratios> ratios() {
    Map<String, Ratios> ratios = new LinkedHashMap<>();
    Groups.compared(run)
        .forEach(
            (column, each) ->
                Ratios.of(each, Groups.V8).ifPresent(found -> ratios.put(column, found)));
    return ratios;
  }

  /** Engine by column: the geometric mean of times over V8's. */
  private void means(StringBuilder text, Map<String, Ratios> ratios) {
    text.append(
        "\nTime over V8's for the same WebAssembly, warm, geometric mean; less is better, and where"
            + " one of ours is slower than V8 it is bold:\n\n");
    head(text, "engine", ratios.keySet());
    text.append("| v8 |").append(" 1 |".repeat(ratios.size())).append('\n');
    Set<String> engines = new LinkedHashSet<>();
    ratios.values().forEach(each -> engines.addAll(each.engines()));
    for (String engine : engines) {
      text.append("| ").append(engine).append(" |");
      for (Ratios each : ratios.values()) {
        text.append(' ').append(mean(each, engine)).append(" |");
      }
      text.append('\n');
    }
    reproduce(text, ratios.keySet());
  }

  private static void head(StringBuilder text, String first, Collection<String> columns) {
    text.append("| ").append(first).append(" |");
    columns.forEach(each -> text.append(' ').append(each).append(" |"));
    text.append("\n|---|").append("--:|".repeat(columns.size())).append('\n');
  }

  /** The commands behind a table with such columns. */
  private void reproduce(StringBuilder text, Collection<String> columns) {
    Set<String> commands = new LinkedHashSet<>();
    for (String each : columns) {
      commands.add("`" + Groups.command(run, each.replaceFirst(",.*", "")) + "`");
    }
    text.append("\nReproduce it with ").append(String.join(", ", commands)).append('\n');
    text.append("(one program: `--programs NAME`; some engines: `--engines NAME,NAME`).\n");
  }

  private static String mean(Ratios ratios, String engine) {
    if (!ratios.engines().contains(engine)) {
      return "-";
    }
    String mean = Numbers.plain(ratios.mean(engine));
    if (engine.startsWith("capsule") && ratios.mean(engine) > 1) {
      mean = "**" + mean + "**";
    }
    int count = ratios.count(engine);
    int all = ratios.names().size();
    return count == all ? mean : "%s (%d of %d)".formatted(mean, count, all);
  }

  /** How many times faster than peers of the same kind. */
  private void factors(StringBuilder text) {
    Factors factors = Factors.of(run);
    if (factors.rows().isEmpty()) {
      return;
    }
    text.append(
        "\nHow many times faster than the peers' interpreters and compilers, warm, geometric mean;"
            + " where a peer is faster it is bold:\n\n");
    head(text, "ours, and the peer", factors.columns());
    for (Factors.Row row : factors.rows()) {
      text.append("| %s, %s |".formatted(row.ours(), row.peer()));
      for (Optional<Factors.Factor> each : row.values()) {
        String value = each.map(Factors.Factor::toString).orElse("-");
        boolean lost = each.isPresent() && each.get().mean() < 1;
        text.append(lost ? " **" + value + "** |" : " " + value + " |");
      }
      text.append('\n');
    }
    reproduce(text, factors.columns());
  }

  private void losses(StringBuilder text) {
    Map<String, List<Losses.Loss>> pairs = losses.byPair();
    if (pairs.isEmpty()) {
      return;
    }
    text.append("\n**Where we lose** (our time, or memory, over the other's):\n\n");
    Set<String> commands = new LinkedHashSet<>();
    pairs.forEach(
        (pair, each) -> {
          text.append("- %s: %s%n".formatted(pair, Losses.describe(each)));
          commands.add("`" + Groups.command(run, each.getFirst().ours().group()) + "`");
        });
    text.append("\nReproduce it with ").append(String.join(", ", commands)).append(".\n");
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
                  losses.isLost(each)
                      ? "**" + Numbers.withUnit(spread.median(), each.unit()) + "**"
                      : Numbers.withUnit(spread.median(), each.unit()),
                  spread.count() < 2
                      ? ""
                      : Numbers.plain(spread.low()) + " – " + Numbers.plain(spread.high()),
                  spread.count() < 100 ? "" : Numbers.withUnit(p99, each.unit()),
                  spread.count()));
    }
    Set<String> commands = new LinkedHashSet<>();
    measurements.forEach(each -> commands.add("`" + Groups.command(run, each) + "`"));
    text.append("\nReproduce it with ").append(String.join(", ", commands)).append(".\n");
  }
}
