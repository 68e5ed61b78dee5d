package dev.capsule.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.benchmarks.BenchmarkException;
import dev.capsule.benchmarks.GroupRun;
import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import dev.capsule.benchmarks.Omission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
  private static final String MARKED =
      "before\n<!-- capsule-bench: begin -->\nold\n<!-- capsule-bench: end -->\nafter\n";

  private final MeasurementFile run = Runs.recorded();
  private final String page = new Page(run).html();

  @Test
  void theTableGoesBetweenTheMarks() {
    String once = Report.inserted(MARKED, "new\n");
    assertEquals(
        "before\n<!-- capsule-bench: begin -->\nnew\n<!-- capsule-bench: end -->\nafter\n", once);
    assertEquals(once, Report.inserted(once, "new\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no marks", "<!-- capsule-bench: end --><!-- capsule-bench: begin -->", ""})
  void withoutMarksNothingIsChanged(String text) {
    assertThrows(BenchmarkException.class, () -> Report.inserted(text, "new"));
  }

  @Test
  void allThreeFilesAreWrittenAndTheJsonCanBeReadAgain(@TempDir Path directory) throws Exception {
    new Report(run).write(directory);
    assertEquals(run, MeasurementFile.read(directory.resolve(Report.MEASUREMENTS)));
    assertEquals(page, Files.readString(directory.resolve(Report.PAGE)));
    assertEquals(new Report(run).markdown(), Files.readString(directory.resolve("table.md")));
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    assertFalse(
        Pattern.compile("(?i)https?:|//[a-z]|@import|url\\(|<script|<link|src=")
            .matcher(page)
            .find());
  }

  @Test
  void everyGroupHasAPlotATableAndItsCommand() {
    for (String group : Groups.of(run).keySet()) {
      int start = page.indexOf("<section id=\"" + group + "\">");
      String section = page.substring(start, page.indexOf("</section>", start));
      assertTrue(section.contains("<svg viewBox"), group);
      assertTrue(section.contains("role=\"img\" aria-label="), group);
      assertTrue(section.contains("<table>"), group);
      assertTrue(section.contains("<code>./capsule-bench --quick --groups " + group), group);
    }
  }

  @Test
  void everyNumberOfTheMarkdownHasItsCommand() {
    String text = new Report(run).markdown();
    for (String group : List.of("python", "javascript", "tasks", "commands", "memory", "start")) {
      assertTrue(text.contains("`./capsule-bench --quick --groups " + group), group);
    }
  }

  @Test
  void lossesAreNamed() {
    MeasurementFile losing =
        Runs.of(
            Runs.measured("good", "v8", 10, 10),
            Runs.measured("bad", "v8", 10, 10),
            Runs.measured("good", "capsule-tiered", 5, 5),
            Runs.measured("bad", "capsule-tiered", 30, 30));
    String text = new Report(losing).markdown();
    assertTrue(text.contains("- capsule-tiered against v8 in python: bad 3.00×\n"), text);
    assertTrue(text.contains("| capsule-tiered | **1.22** |"), text);
    assertTrue(new Page(losing).html().contains("<td class=\"lost\">3.00</td>"));
  }

  @Test
  void everyPlotAndTableTellsItsOwnCommand() {
    MeasurementFile part =
        new MeasurementFile(
            Map.of(),
            Map.of(
                "commands", new GroupRun(61, "./capsule-bench --groups commands --rounds 4"),
                "python", new GroupRun(5, "./capsule-bench --groups python --programs sql")),
            List.of(
                new Measurement("commands", "run a", "capsule-cold", "ms", List.of(1.0), 0, ""),
                Runs.measured("sql", "v8", 1),
                Runs.measured("sql", "capsule-jit", 1),
                new Measurement("limits", "python: sql", "capsule-jit", "ms", List.of(1.0), 0, ""),
                new Measurement("memory", "python: all programs", "v8", "MB", List.of(1.0), 0, "")),
            List.of());
    String html = new Page(part).html();
    for (String command :
        List.of(
            "--groups commands --rounds 4 --programs &quot;run a&quot;",
            "--groups python --programs sql",
            "--groups limits --programs python",
            "--groups python --programs sql")) {
      assertTrue(html.contains("<code>./capsule-bench " + command + "</code>"), command);
    }
    assertFalse(html.contains("--groups memory"), html);
    assertTrue(html.contains("It took 1:01 min."));
    assertTrue(
        new Report(part).markdown().contains("It took 1:06 min: python 0:05 min, commands 1:01"));
  }

  @Test
  void textOfOthersIsEscaped() {
    MeasurementFile hostile =
        new MeasurementFile(
            Map.of("JDK", "<b>&"),
            Map.of("odd", new GroupRun(1, "<script>")),
            List.of(
                new Measurement("odd", "<i>", "\"engine\"", "ms", List.of(1.0), 0, ""),
                new Measurement("odd", "<i>", "v8", "ms", List.of(1.0), 0, "")),
            List.of(new Omission("odd", "<u>", "e", "<script>")));
    String html = new Page(hostile).html();
    assertFalse(Pattern.compile("<(b|i|u|script)>").matcher(html).find());
    assertTrue(html.contains("&lt;script&gt;"));
  }

  @Test
  void aPartMeasuredAnewReplacesTheSameOnly() {
    Measurement old = Runs.measured("a", "x", 1);
    Measurement other = Runs.measured("b", "x", 2);
    Measurement newer = Runs.measured("a", "x", 3);
    assertEquals(List.of(other, newer), Runs.of(old, other).with(Runs.of(newer)).measurements());
  }

  @Test
  void aPartOfAGroupLeavesTheRestAsItWasMeasured() {
    Measurement old = Runs.measured("a", "x", 1);
    Omission missing = new Omission("python", "c", "x", "too slow");
    Omission mended = new Omission("python", "b", "x", "failed");
    GroupRun whole = new GroupRun(60, "./capsule-bench --groups python");
    GroupRun part = new GroupRun(1, "./capsule-bench --groups python --programs b");
    Measurement newer = Runs.measured("b", "x", 3);
    MeasurementFile first = run(whole, List.of(old), List.of(missing, mended));
    MeasurementFile both = first.with(run(part, List.of(newer), List.of()));
    assertEquals(Map.of("python", whole), both.groups());
    assertEquals(List.of(old, newer), both.measurements());
    assertEquals(List.of(missing), both.omissions());
    MeasurementFile again = both.with(run(whole, List.of(old), List.of(mended)));
    assertEquals(List.of(old), again.measurements(), "what is missing now is not from before");
    assertEquals(List.of(mended), again.omissions());
    MeasurementFile alone = Runs.of().with(run(part, List.of(newer), List.of()));
    assertEquals(Map.of("python", part), alone.groups());
  }

  private static MeasurementFile run(
      GroupRun run, List<Measurement> measurements, List<Omission> omissions) {
    return new MeasurementFile(Map.of(), Map.of("python", run), measurements, omissions);
  }
}
