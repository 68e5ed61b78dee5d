package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.GroupRun;
import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import dev.capsule.benchmarks.Omission;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of a run: plots and tables in one file that needs no other. */
final class Page {
  private static final Map<String, String> EXPLANATIONS =
      Map.ofEntries(
          Map.entry(
              "python",
              "CPython 3.12, the same WebAssembly module in every engine. Left of the line is"
                  + " faster than V8."),
          Map.entry(
              "javascript",
              "QuickJS, the same WebAssembly module in every engine; node is the same programs in"
                  + " V8 without an interpreter in between. Left of the line is faster than V8."),
          Map.entry(
              "kernels",
              "Small WebAssembly functions of one idea each; java is the same as one would write it"
                  + " in Java. Left of the line is faster than V8."),
          Map.entry(
              "engine",
              "A new instance of a small module, and decoding, validating and compiling CPython's"
                  + " module of 26 MB. Left of the line is faster than V8."),
          Map.entry(
              "warm-up", "The n-th round of one mixed program in a process that has just started."),
          Map.entry(
              "start",
              "From the start of a process until the guest can run a program, and a new instance of"
                  + " the interpreter in a process that is warm."),
          Map.entry(
              "commands",
              "From the start of the process to its end; cold is with all caches emptied."),
          Map.entry("tasks", "Through the API for Java, each task in a sandbox of its own."),
          Map.entry(
              "memory",
              "The Java heap that a waiting sandbox holds, and the most memory that a process has"
                  + " had."),
          Map.entry(
              "limits",
              "The compiler without any limit is 1; off, epoch and exact are ways to count."),
          Map.entry(
              "stops", "From a deadline until code is stopped that would not end by itself."));

  private final MeasurementFile run;
  private final Losses losses;
  private final StringBuilder html = new StringBuilder();

  Page(MeasurementFile run) {
    this.run = run;
    this.losses = Losses.of(Groups.of(run));
  }

  String html() {
    Map<String, List<Measurement>> groups = Groups.of(run);
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Capsule: benchmarks</title>
        <style>
        %s</style>
        </head>
        <body>
        <header>
        <h1>What sandboxing costs</h1>
        """
            .formatted(style()));
    head(groups);
    html.append("</header>\n<main>\n");
    factors();
    losses();
    groups.forEach(this::section);
    omissions();
    method();
    html.append("</main>\n</body>\n</html>\n");
    return html.toString();
  }

  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page.css", e);
    }
  }

  private void head(Map<String, List<Measurement>> groups) {
    html.append("<dl class=\"machine\">\n");
    run.machine()
        .forEach(
            (key, value) ->
                html.append("<div><dt>")
                    .append(Html.escape(key))
                    .append("</dt><dd>")
                    .append(Html.escape(value))
                    .append("</dd></div>\n"));
    html.append("</dl>\n<ul class=\"tiles\">\n");
    for (String group : List.of("python", "javascript", "kernels")) {
      Ratios.of(groups.getOrDefault(group, List.of()), Groups.V8)
          .ifPresent(ratios -> tile(group, ratios));
    }
    html.append("</ul>\n<nav aria-label=\"Groups\"><ul>\n");
    if (!Factors.of(run).rows().isEmpty()) {
      html.append("<li><a href=\"#peers\">Against the peers</a></li>\n");
    }
    if (!losses.byPair().isEmpty()) {
      html.append("<li><a href=\"#losses\">Where we lose</a></li>\n");
    }
    groups
        .keySet()
        .forEach(
            group ->
                html.append("<li><a href=\"#%s\">%s</a></li>%n".formatted(group, title(group))));
    html.append("</ul></nav>\n");
  }

  private void tile(String group, Ratios ratios) {
    String ours =
        ratios.engines().stream().filter(each -> each.startsWith("capsule")).findFirst().orElse("");
    if (ours.isEmpty()) {
      return;
    }
    html.append(
        "<li><strong>%s</strong> <span>the time of V8<br>%s, %s, geometric mean</span></li>%n"
            .formatted(Numbers.ratio(ratios.mean(ours)), title(group), Html.escape(ours)));
  }

  private static String title(String group) {
    return Html.escape(Groups.title(group));
  }

  private void section(String group, List<Measurement> measurements) {
    html.append("<section id=\"%s\">%n<h2>%s</h2>%n".formatted(group, title(group)));
    html.append("<p>%s%s</p>%n".formatted(EXPLANATIONS.getOrDefault(group, ""), took(group)));
    Optional<Ratios> ratios =
        Ratios.of(measurements, group.equals("limits") ? Groups.UNLIMITED : Groups.V8);
    String command = Groups.command(run, group);
    if (group.equals(Groups.WARM_UP)) {
      byName(measurements).forEach(this::curves);
    } else if (ratios.isPresent() && hasSameUnits(group)) {
      figure(RatioPlot.svg(ratios.get()), ratios.get().engines(), command);
    } else {
      byName(measurements)
          .forEach(
              (name, each) -> {
                html.append("<h3>%s</h3>%n".formatted(Html.escape(name)));
                figure(BarPlot.svg(each), List.of(), Groups.command(run, each.getFirst()));
              });
    }
    if (ratios.isPresent() && (hasSameUnits(group) || group.equals(Groups.WARM_UP))) {
      ratioTable(group, ratios.get(), command);
    }
    table(measurements);
    html.append("</section>\n");
  }

  private String took(String group) {
    GroupRun how = run.groups().get(group);
    return how == null ? "" : " It took " + GroupRun.minutes(how.seconds()) + ".";
  }

  /** How to measure what stands above anew. */
  private static String reproduce(String command) {
    return "Reproduce it with <code>%s</code>".formatted(Html.escape(command));
  }

  /** Whether a group's programs are all of one kind, so that a mean of ratios says something. */
  private static boolean hasSameUnits(String group) {
    return !List.of(Groups.WARM_UP, "start", "commands", "tasks", "memory", "stops")
        .contains(group);
  }

  private static Map<String, List<Measurement>> byName(List<Measurement> measurements) {
    Map<String, List<Measurement>> names = new LinkedHashMap<>();
    measurements.forEach(
        each -> names.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each));
    return names;
  }

  private void curves(String name, List<Measurement> curves) {
    html.append("<h3>%s</h3>%n".formatted(Html.escape(name)));
    figure(
        CurvePlot.svg(curves),
        curves.stream().map(Measurement::engine).toList(),
        Groups.command(run, curves.getFirst()));
  }

  private void figure(String svg, List<String> engines, String command) {
    html.append("<figure>\n");
    if (!engines.isEmpty()) {
      html.append(EngineStyle.legend(engines));
    }
    html.append(svg);
    html.append("<figcaption>%s</figcaption>%n</figure>%n".formatted(reproduce(command)));
  }

  private void ratioTable(String group, Ratios ratios, String command) {
    html.append("<details open><summary>Ratios to %s</summary>".formatted(ratios.baseline()));
    boolean toV8 = ratios.baseline().equals(Groups.V8);
    if (toV8) {
      html.append(
          "<p class=\"note\">Marked: we are slower than V8, or a peer is faster than we are.</p>");
    }
    tableHead("program", ratios.engines());
    for (String name : ratios.names()) {
      html.append("<tr><th scope=\"row\">").append(Html.escape(name)).append("</th>");
      for (String engine : ratios.engines()) {
        Optional<Spread> ratio = ratios.ratio(engine, name);
        boolean lost =
            engine.startsWith("capsule") && ratio.isPresent() && ratio.get().median() > 1;
        cell(
            ratio.map(each -> Numbers.plain(each.median())).orElse("–"),
            toV8 && (lost || losses.isBetter(group, name, engine)));
      }
      html.append("</tr>\n");
    }
    html.append("<tr class=\"mean\"><th scope=\"row\">geometric mean</th>");
    for (String engine : ratios.engines()) {
      int count = ratios.count(engine);
      String of = count == ratios.names().size() ? "" : " (of " + count + ")";
      boolean lost = toV8 && engine.startsWith("capsule") && ratios.mean(engine) > 1;
      cell(Numbers.plain(ratios.mean(engine)) + of, lost);
    }
    html.append("</tr>\n</tbody></table></div>");
    html.append("<p class=\"note\">%s</p></details>%n".formatted(reproduce(command)));
  }

  private void tableHead(String first, List<String> columns) {
    html.append(
        "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">%s</th>".formatted(first));
    columns.forEach(
        each -> html.append("<th scope=\"col\">").append(Html.escape(each)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
  }

  private void cell(String text) {
    cell(text, false);
  }

  /** A cell; one where we lose is marked. */
  private void cell(String text, boolean lost) {
    html.append(lost ? "<td class=\"lost\">" : "<td>").append(Html.escape(text)).append("</td>");
  }

  private void factors() {
    Factors factors = Factors.of(run);
    if (factors.rows().isEmpty()) {
      return;
    }
    html.append(
        """
        <section id="peers">
        <h2>Against the peers</h2>
        <p>How many times faster this project's interpreter is than the peers' interpreters, and its
        compiler than theirs: geometric means of warm times, over the programs that both have run.
        GraalWasm runs on a JDK without its compiler, so it interprets. Marked: the peer is faster.</p>
        """);
    tableHead("ours, and the peer", factors.columns());
    for (Factors.Row row : factors.rows()) {
      html.append("<tr><th scope=\"row\">%s, %s</th>".formatted(row.ours(), row.peer()));
      for (Optional<Factors.Factor> each : row.values()) {
        cell(
            each.map(Factors.Factor::toString).orElse("–"),
            each.isPresent() && each.get().mean() < 1);
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
    LinkedHashSet<String> commands = new LinkedHashSet<>();
    factors
        .columns()
        .forEach(each -> commands.add(Groups.command(run, each.replaceFirst(",.*", ""))));
    commands.forEach(each -> html.append("<p class=\"note\">%s</p>%n".formatted(reproduce(each))));
    html.append("</section>\n");
  }

  private void losses() {
    if (losses.byPair().isEmpty()) {
      return;
    }
    html.append(
        """
        <section id="losses">
        <h2>Where we lose</h2>
        <p>Our median time, or memory, over the other's. The groups below tell how to measure them
        anew.</p>
        <ul class="losses">
        """);
    losses
        .byPair()
        .forEach(
            (pair, each) ->
                html.append(
                    "<li><strong>%s</strong>: %s</li>%n"
                        .formatted(Html.escape(pair), Html.escape(Losses.describe(each)))));
    html.append("</ul>\n</section>\n");
  }

  private void table(List<Measurement> measurements) {
    html.append("<details><summary>All numbers</summary>");
    tableHead(
        "what",
        List.of(
            "engine", "first", "best", "q1", "median", "q3", "p99", "worst", "unit", "samples"));
    for (Measurement each : measurements) {
      Spread spread = Spread.of(each);
      html.append("<tr><th scope=\"row\">").append(Html.escape(each.name())).append("</th>");
      cell(each.engine());
      cell(Numbers.plain(each.samples().getFirst()));
      cell(Numbers.plain(each.best()));
      cell(Numbers.plain(spread.low()));
      cell(Numbers.plain(spread.median()), losses.isLost(each));
      cell(Numbers.plain(spread.high()));
      cell(Numbers.plain(Spread.quantile(each.warm().stream().sorted().toList(), 0.99)));
      cell(Numbers.plain(each.worst()));
      cell(each.unit());
      cell(spread.count() + " of " + each.samples().size());
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>");
    LinkedHashSet<String> commands = new LinkedHashSet<>();
    measurements.forEach(each -> commands.add(Groups.command(run, each)));
    html.append("<p class=\"note\">A row alone: ");
    html.append(
        String.join(
            ", ",
            commands.stream().map(each -> "<code>" + Html.escape(each) + "</code>").toList()));
    html.append("; some engines: <code>--engines NAME,NAME</code></p></details>\n");
  }

  private void omissions() {
    if (run.omissions().isEmpty()) {
      return;
    }
    html.append("<section id=\"omissions\">\n<h2>Left out</h2>\n<ul>\n");
    LinkedHashSet<String> lines = new LinkedHashSet<>();
    for (Omission each : run.omissions()) {
      lines.add(each.group() + ", " + each.name() + ", " + each.engine() + ": " + each.reason());
    }
    lines.forEach(each -> html.append("<li>").append(Html.escape(each)).append("</li>\n"));
    html.append("</ul>\n</section>\n");
  }

  private void method() {
    html.append(
        """
        <section id="method">
        <h2>Method</h2>
        <p>Every engine has a process of its own; all of a group are alive at once and take turns,
        every other round in reverse order. Of an engine's first process the second half of the rounds
        counts as warm; later processes add their second halves. Marks and bars are medians of the warm
        rounds, lines through them the middle half. Every round's checksum is compared with the other
        engines'; one that differs ends the run. Compilers with background threads may still be
        compiling while another engine is measured.</p>
        </section>
        """);
  }
}
