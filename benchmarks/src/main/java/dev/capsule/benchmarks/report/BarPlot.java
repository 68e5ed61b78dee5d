package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import java.util.List;

/** A bar for the median of every measurement of one name, from zero. */
final class BarPlot {
  private static final double WIDTH = 900;
  private static final double LEFT = 170;
  private static final double RIGHT = 110;
  private static final double BAR = 16;
  private static final double ROW = 24;

  private BarPlot() {}

  static String svg(List<Measurement> bars) {
    double most = bars.stream().mapToDouble(each -> Spread.of(each).high()).max().orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / (most > 0 ? most : 1);
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < bars.size(); i++) {
      Measurement each = bars.get(i);
      Spread spread = Spread.of(each);
      double y = i * ROW + 4;
      double middle = y + BAR / 2;
      double length = Math.max(1, Math.max(0, spread.median()) * scale);
      content.append(Html.text(LEFT - 10, middle + 4, "end", each.engine()));
      content.append(
          "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\" class=\"%s\"><title>%s</title></rect>%n"
              .formatted(
                  Html.at(LEFT),
                  Html.at(y),
                  Html.at(length),
                  Html.at(BAR),
                  EngineStyle.colour(each.engine(), i),
                  Html.escape(
                      each.engine() + ": " + Numbers.withUnit(spread.median(), each.unit()))));
      if (spread.count() > 1) {
        content.append(
            Html.line(
                LEFT + spread.low() * scale,
                middle,
                LEFT + spread.high() * scale,
                middle,
                "whisker"));
      }
      double end = LEFT + Math.max(length, spread.count() > 1 ? spread.high() * scale : 0);
      content.append(
          Html.text(end + 8, middle + 4, "", Numbers.withUnit(spread.median(), each.unit())));
    }
    return Html.svg(
        WIDTH,
        bars.size() * ROW + 6,
        bars.getFirst().name() + ": the median in each engine; the table below has the numbers",
        content.toString());
  }
}
