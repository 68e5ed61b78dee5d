package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.List;

/** The time of the n-th round, a line for every engine. */
final class CurvePlot {
  private static final double WIDTH = 900;
  private static final double LEFT = 70;
  private static final double RIGHT = 20;
  private static final double TOP = 24;
  private static final double BOTTOM = 300;
  private static final double MARK = 2.6;

  private CurvePlot() {}

  static String svg(List<Measurement> curves) {
    List<Double> times = new ArrayList<>();
    int most = 2;
    for (Measurement each : curves) {
      times.addAll(each.samples());
      most = Math.max(most, each.samples().size());
    }
    LogScale up = LogScale.of(times, BOTTOM, TOP);
    LogScale across = new LogScale(1, most, LEFT, WIDTH - RIGHT);
    StringBuilder content = new StringBuilder();
    for (double tick : up.ticks()) {
      content.append(Html.line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick), "grid"));
      content.append(
          Html.text(LEFT - 8, up.at(tick) + 4, "tick end", Numbers.withUnit(tick, "ms")));
    }
    for (double tick : across.ticks()) {
      content.append(Html.text(across.at(tick), BOTTOM + 16, "tick middle", "" + (long) tick));
    }
    content.append(
        Html.text((LEFT + WIDTH) / 2, BOTTOM + 34, "tick middle", "round, both logarithmic"));
    for (int i = 0; i < curves.size(); i++) {
      content.append(curve(curves.get(i), i, across, up));
    }
    return Html.svg(
        WIDTH,
        BOTTOM + 42,
        "Time of the n-th round in each engine; the table below has the numbers",
        content.toString());
  }

  private static String curve(Measurement curve, int place, LogScale across, LogScale up) {
    StringBuilder points = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    for (int round = 1; round <= curve.samples().size(); round++) {
      double time = curve.samples().get(round - 1);
      points.append(Html.at(across.at(round))).append(',').append(Html.at(up.at(time))).append(' ');
      String title =
          "%s, round %d: %s".formatted(curve.engine(), round, Numbers.withUnit(time, curve.unit()));
      marks.append(
          EngineStyle.mark(curve.engine(), place, across.at(round), up.at(time), MARK, title));
    }
    return "<polyline points=\"%s\" class=\"curve s%s\"/>\n%s"
        .formatted(
            points.toString().strip(),
            EngineStyle.colour(curve.engine(), place).substring(1),
            marks);
  }
}
