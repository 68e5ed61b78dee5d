package dev.capsule.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A row for every program with a mark for every engine, left of the line when it is faster. */
final class RatioPlot {
  private static final double WIDTH = 900;
  private static final double LEFT = 150;
  private static final double RIGHT = 20;
  private static final double TOP = 34;
  private static final double LANE = 9;
  private static final double GAP = 12;
  private static final double MARK = 4;
  private static final String MEAN = "geometric mean";

  private final Ratios ratios;
  private final LogScale scale;
  private final double row;

  private RatioPlot(Ratios ratios) {
    this.ratios = ratios;
    List<Double> values = new ArrayList<>(List.of(1.0));
    for (var engine : ratios.ratios().values()) {
      for (Spread each : engine.values()) {
        values.add(each.low());
        values.add(each.high());
      }
    }
    scale = LogScale.of(values, LEFT, WIDTH - RIGHT);
    row = ratios.engines().size() * LANE + GAP;
  }

  static String svg(Ratios ratios) {
    return new RatioPlot(ratios).draw();
  }

  private String draw() {
    List<String> rows = new ArrayList<>(ratios.names());
    rows.add(MEAN);
    double bottom = TOP + rows.size() * row;
    StringBuilder content = new StringBuilder();
    for (double tick : scale.ticks()) {
      content.append(Html.line(scale.at(tick), TOP, scale.at(tick), bottom, "grid"));
      content.append(Html.text(scale.at(tick), TOP - 8, "tick middle", Numbers.plain(tick)));
    }
    content.append(
        Html.text(
            LEFT, 12, "tick", "time divided by that of " + ratios.baseline() + ", logarithmic"));
    for (int i = 0; i < rows.size(); i++) {
      double y = TOP + i * row;
      content.append(Html.line(0, y, WIDTH, y, "row"));
      String label = rows.get(i);
      content.append(
          Html.text(LEFT - 10, y + row / 2 + 4, label.equals(MEAN) ? "end strong" : "end", label));
      for (int lane = 0; lane < ratios.engines().size(); lane++) {
        content.append(mark(label, lane, y + GAP / 2 + (lane + 0.5) * LANE));
      }
    }
    content.append(Html.line(scale.at(1), TOP, scale.at(1), bottom, "baseline"));
    String description =
        "Time of each program in each engine divided by that of "
            + ratios.baseline()
            + "; the table below has the numbers";
    return Html.svg(WIDTH, bottom + 6, description, content.toString());
  }

  private String mark(String name, int lane, double y) {
    String engine = ratios.engines().get(lane);
    if (name.equals(MEAN)) {
      double mean = ratios.mean(engine);
      String title = String.format(Locale.ROOT, "%s, mean: %s", engine, Numbers.ratio(mean));
      return EngineStyle.mark(engine, lane, scale.at(mean), y, MARK, title);
    }
    Optional<Spread> ratio = ratios.ratio(engine, name);
    if (ratio.isEmpty()) {
      return "";
    }
    Spread spread = ratio.get();
    String title =
        "%s, %s: %s (quartiles %s to %s)"
            .formatted(
                engine,
                name,
                Numbers.ratio(spread.median()),
                Numbers.plain(spread.low()),
                Numbers.plain(spread.high()));
    return Html.line(scale.at(spread.low()), y, scale.at(spread.high()), y, "whisker")
        + EngineStyle.mark(engine, lane, scale.at(spread.median()), y, MARK, title);
  }
}
