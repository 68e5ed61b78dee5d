package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.BenchmarkException;
import dev.capsule.benchmarks.MeasurementFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run's page, its Markdown and its JSON. */
public final class Report {
  /** The JSON with all samples. */
  public static final String MEASUREMENTS = "measurements.json";

  /** The page. */
  public static final String PAGE = "index.html";

  private static final String TABLE = "table.md";
  private static final String BEGIN = "<!-- capsule-bench: begin -->";
  private static final String END = "<!-- capsule-bench: end -->";

  private final MeasurementFile run;

  public Report(MeasurementFile run) {
    this.run = run;
  }

  /** The tables, as Markdown. */
  public String markdown() {
    return new MarkdownTables(run).text();
  }

  /** Writes all three to a directory. */
  public void write(Path directory) {
    try {
      run.write(directory.resolve(MEASUREMENTS));
      Files.writeString(directory.resolve(TABLE), markdown());
      Files.writeString(directory.resolve(PAGE), new Page(run).html());
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be written", e);
    }
  }

  /** Writes what a release keeps: the page and the measurements, under the release's name. */
  public void keep(Path directory, String release) {
    try {
      run.write(directory.resolve(release + ".json"));
      Files.writeString(directory.resolve(release + ".html"), new Page(run).html());
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be written", e);
    }
  }

  /**
   * Puts the shorter tables between the marks of a Markdown file.
   *
   * @throws BenchmarkException if it has no marks
   */
  public void insertInto(Path file) {
    try {
      Files.writeString(file, inserted(Files.readString(file), new MarkdownTables(run).summary()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be changed", e);
    }
  }

  static String inserted(String text, String table) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new BenchmarkException("there is no " + BEGIN + " before a " + END);
    }
    return text.substring(0, begin + BEGIN.length()) + "\n" + table + text.substring(end);
  }
}
