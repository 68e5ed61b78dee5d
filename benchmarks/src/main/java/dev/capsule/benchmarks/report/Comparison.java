package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What has changed from one run to another. */
public final class Comparison {
  /** A smaller change is not called one. */
  private static final double NOTABLE = 0.05;

  /** Where there are too few samples for a spread. */
  private static final double NOTABLE_WITHOUT_SPREAD = 0.25;

  private static final int SAMPLES_FOR_SPREAD = 4;

  private enum Verdict {
    SAME(""),
    FASTER("faster"),
    REGRESSION("REGRESSION"),
    NOT_OURS("slower, not ours");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }
  }

  private record Row(Measurement what, Spread before, Spread after, Verdict verdict) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Measurement> gone = new ArrayList<>();

  private Comparison() {}

  /** Compares what both runs have. */
  public static Comparison of(MeasurementFile before, MeasurementFile after) {
    Comparison comparison = new Comparison();
    for (Measurement old : before.measurements()) {
      Optional<Measurement> same =
          after.measurements().stream().filter(each -> isSame(old, each)).findFirst();
      if (same.isEmpty()) {
        comparison.gone.add(old);
        continue;
      }
      Spread was = Spread.of(old);
      Spread is = Spread.of(same.get());
      comparison.rows.add(new Row(old, was, is, verdict(old, was, is)));
    }
    return comparison;
  }

  private static boolean isSame(Measurement one, Measurement other) {
    return one.group().equals(other.group())
        && one.name().equals(other.name())
        && one.engine().equals(other.engine());
  }

  private static Verdict verdict(Measurement what, Spread was, Spread is) {
    if (isSlower(was, is)) {
      return what.engine().startsWith("capsule") ? Verdict.REGRESSION : Verdict.NOT_OURS;
    }
    return isSlower(is, was) ? Verdict.FASTER : Verdict.SAME;
  }

  /** Whether the medians differ notably and the middle halves of the samples do not overlap. */
  private static boolean isSlower(Spread than, Spread is) {
    boolean hasSpread = Math.min(than.count(), is.count()) >= SAMPLES_FOR_SPREAD;
    double notable = hasSpread ? NOTABLE : NOTABLE_WITHOUT_SPREAD;
    return is.median() > than.median() * (1 + notable) && is.low() > than.high();
  }

  /** Whether something of this project has become slower, or larger, than the spread explains. */
  public boolean hasRegressions() {
    return rows.stream().anyMatch(each -> each.verdict == Verdict.REGRESSION);
  }

  /** A Markdown table of everything, regressions first. */
  public String table() {
    StringBuilder text = new StringBuilder("| what | engine | before | after | change | |\n");
    text.append("|---|---|--:|--:|--:|---|\n");
    rows.stream()
        .sorted((a, b) -> Integer.compare(rank(a.verdict), rank(b.verdict)))
        .forEach(
            each ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "| %s: %s | %s | %s | %s | %+.1f %% | %s |%n",
                        each.what.group(),
                        each.what.name(),
                        each.what.engine(),
                        Numbers.withUnit(each.before.median(), each.what.unit()),
                        Numbers.withUnit(each.after.median(), each.what.unit()),
                        (each.after.median() / each.before.median() - 1) * 100,
                        each.verdict.text)));
    gone.forEach(
        each ->
            text.append(
                "%nGone: %s: %s in %s%n".formatted(each.group(), each.name(), each.engine())));
    text.append(
        "%n%d compared, %d regressions, %d faster%n"
            .formatted(rows.size(), count(Verdict.REGRESSION), count(Verdict.FASTER)));
    return text.toString();
  }

  private long count(Verdict verdict) {
    return rows.stream().filter(each -> each.verdict == verdict).count();
  }

  private static int rank(Verdict verdict) {
    return switch (verdict) {
      case REGRESSION -> 0;
      case NOT_OURS -> 1;
      case FASTER -> 2;
      case SAME -> 3;
    };
  }
}
