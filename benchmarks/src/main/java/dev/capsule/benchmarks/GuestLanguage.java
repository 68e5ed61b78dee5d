package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A language whose interpreter is the guest. */
enum GuestLanguage {
  PYTHON("programs.py", "sql"),
  JAVASCRIPT("programs.js");

  /** A little of everything: the program of the warm-up curves. */
  static final String MIXED = "mixed";

  private static final List<String> COMMON =
      List.of(
          "recursion",
          "dictionaries",
          "regex",
          "json",
          "sorting",
          "bigint",
          "raytracer",
          "template");

  private final String source;
  private final List<String> more;

  GuestLanguage(String source, String... more) {
    this.source = source;
    this.more = List.of(more);
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
    return Stream.concat(COMMON.stream(), more.stream()).toList();
  }

  /** Those of the programs that are to be measured. */
  List<String> programs(Settings settings) {
    return programs().stream().filter(each -> settings.wantsProgram(id(), each)).toList();
  }

  /** The interpreter's module. */
  Path module(Settings settings) {
    return this == PYTHON ? settings.python() : settings.quickJs();
  }
}
