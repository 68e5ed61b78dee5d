package dev.capsule.benchmarks;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of a run, as a Markdown table and as JSON. */
final class Comparison {
  /**
   * One engine on one program.
   *
   * @param readyMillis from the start of the process until the guest was ready
   * @param rounds the time of each round in order, in milliseconds
   * @param best the fastest of the second half of the rounds, in milliseconds
   * @param median the median of the second half
   * @param worst the slowest of the second half
   */
  record Row(
      String program,
      String engine,
      double readyMillis,
      List<Double> rounds,
      double best,
      double median,
      double worst) {}

  private final Map<String, String> machine;
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  Comparison(Map<String, String> machine) {
    this.machine = machine;
  }

  void skip(String what, String why) {
    skipped.put(what, why);
  }

  void add(String program, List<Subject> subjects) {
    for (Subject each : subjects) {
      List<Double> warm = each.warm();
      rows.add(
          new Row(
              program,
              each.engine().name(),
              each.readyMillis(),
              List.copyOf(each.curve()),
              warm.getFirst(),
              warm.get(warm.size() / 2),
              warm.getLast()));
    }
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    machine.forEach(
        (key, value) -> text.append("- ").append(key).append(": ").append(value).append('\n'));
    text.append(
        """

        Milliseconds per round, of the second half of the rounds; first: the first round; ready: from the
        start of the process until the guest was ready.

        | program | engine | best | median | worst | best / V8 | median / V8 | first | ready | rounds |
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (Row each : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f | %.1f | %.1f | %s | %s | %.1f | %.0f | %d |%n",
              each.program(),
              each.engine(),
              each.best(),
              each.median(),
              each.worst(),
              ratio(each.best(), v8(each.program(), true)),
              ratio(each.median(), v8(each.program(), false)),
              each.rounds().getFirst(),
              each.readyMillis(),
              each.rounds().size()));
    }
    skipped.forEach(
        (what, why) ->
            text.append("\nSkipped: ").append(what).append(": ").append(why).append('\n'));
    return text.toString();
  }

  private OptionalDouble v8(String program, boolean best) {
    return rows.stream()
        .filter(each -> each.program().equals(program) && each.engine().equals(EngineUnderTest.V8))
        .mapToDouble(each -> best ? each.best() : each.median())
        .findFirst();
  }

  private static String ratio(double millis, OptionalDouble v8) {
    return v8.isPresent() ? String.format(Locale.ROOT, "%.2f", millis / v8.getAsDouble()) : "-";
  }

  String json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("machine", machine);
    tree.put("rows", rows);
    tree.put("skipped", skipped);
    return new GsonBuilder().setPrettyPrinting().create().toJson(tree) + "\n";
  }
}
