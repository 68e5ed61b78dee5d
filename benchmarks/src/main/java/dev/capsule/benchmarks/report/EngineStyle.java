package dev.capsule.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How an engine looks in all plots: a colour and a shape, so that no one has to tell engines apart
 * by colour alone.
 */
final class EngineStyle {
  private static final int COLOURS = 10;
  private static final Map<String, Integer> KNOWN = new LinkedHashMap<>();

  static {
    List<String> known =
        List.of(
            "v8",
            "capsule-tiered",
            "capsule-jit",
            "capsule-interpreter",
            "chicory-compiler",
            "endive-compiler",
            "graalwasm",
            "chicory-interpreter",
            "endive-interpreter",
            "node");
    for (int i = 0; i < known.size(); i++) {
      KNOWN.put(known.get(i), i);
    }
    KNOWN.put("java", KNOWN.get("node"));
    KNOWN.put("capsule-jit+off", KNOWN.get("node"));
    KNOWN.put("capsule", KNOWN.get("capsule-tiered"));
    KNOWN.put("capsule-warm", KNOWN.get("capsule-tiered"));
    KNOWN.put("capsule-cold", KNOWN.get("capsule-interpreter"));
  }

  private EngineStyle() {}

  /** The class of what has the engine's colour; strangers take theirs from their place. */
  static String colour(String engine, int place) {
    return "c" + KNOWN.getOrDefault(engine, 1 + place % (COLOURS - 1));
  }

  /** A mark at a place: a circle, a square for interpreters, a diamond for what is no Wasm. */
  static String mark(String engine, int place, double x, double y, double size, String title) {
    String colour = colour(engine, place);
    String tip = "<title>" + Html.escape(title) + "</title>";
    String centre = Html.at(x) + " " + Html.at(y);
    if (engine.endsWith("interpreter")) {
      return "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\">%s</rect>\n"
          .formatted(
              Html.at(x - size),
              Html.at(y - size),
              Html.at(2 * size),
              Html.at(2 * size),
              colour,
              tip);
    }
    if (engine.equals("node") || engine.equals("java")) {
      double half = size * 1.3;
      return "<path d=\"M%sm0 -%sl%s %sl-%s %sl-%s -%sz\" class=\"%s\">%s</path>\n"
          .formatted(
              centre,
              Html.at(half),
              Html.at(half),
              Html.at(half),
              Html.at(half),
              Html.at(half),
              Html.at(half),
              Html.at(half),
              colour,
              tip);
    }
    return "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" class=\"%s\">%s</circle>\n"
        .formatted(Html.at(x), Html.at(y), Html.at(size), colour, tip);
  }

  /** The engines with their marks, for above a plot. */
  static String legend(List<String> engines) {
    StringBuilder html = new StringBuilder("<ul class=\"legend\">\n");
    for (int i = 0; i < engines.size(); i++) {
      String engine = engines.get(i);
      html.append("<li><svg viewBox=\"0 0 14 14\" width=\"14\" height=\"14\" aria-hidden=\"true\">")
          .append(mark(engine, i, 7, 7, 4.5, engine).strip())
          .append("</svg> ")
          .append(Html.escape(engine))
          .append("</li>\n");
    }
    return html.append("</ul>\n").toString();
  }
}
