package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A language whose interpreter is the guest. */
enum GuestLanguage {
  PYTHON(
      "programs.py",
      List.of(
          "recursion",
          "dictionaries",
          "regex",
          "json",
          "sorting",
          "bigint",
          "raytracer",
          "template",
          "sql")),
  JAVASCRIPT(
      "programs.js",
      List.of(
          "recursion",
          "dictionaries",
          "regex",
          "json",
          "sorting",
          "bigint",
          "raytracer",
          "template"));

  /** A little of everything: the program of the warm-up curves. */
  static final String MIXED = "mixed";

  private final String source;
  private final List<String> programs;

  GuestLanguage(String source, List<String> programs) {
    this.source = source;
    this.programs = programs;
  }

  /** As groups and the command line call it. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The resource with the programs. */
  String source() {
    return source;
  }

  /** The programs of the comparison. */
  List<String> programs() {
    return programs;
  }

  /** The interpreter's module. */
  Path module(Settings settings) {
    return this == PYTHON ? settings.python() : settings.quickJs();
  }
}
