package dev.capsule.benchmarks.report;

import java.util.Locale;

/** Pieces of HTML and SVG as text. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A number of an attribute. */
  static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String text(double x, double y, String classes, String text) {
    return "<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>\n"
        .formatted(at(x), at(y), classes, escape(text));
  }

  static String line(double x1, double y1, double x2, double y2, String classes) {
    return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n"
        .formatted(at(x1), at(y1), at(x2), at(y2), classes);
  }

  /** A drawing that fits the width of the page; screen readers get its description. */
  static String svg(double width, double height, String description, String content) {
    return """
    <svg viewBox="0 0 %s %s" role="img" aria-label="%s">
    %s</svg>
    """
        .formatted(at(width), at(height), escape(description), content);
  }
}
