package dev.capsule.cli;

import java.util.List;

/**
 * Runs, in one process, what most commands do first. The launcher lets the JVM record it once after
 * a build and starts every command from that record.
 */
final class Training {

  private static final List<List<String>> COMMAND_LINES =
      List.of(List.of("--version"), List.of("--help"));

  private Training() {}

  /** Runs every command line; what they say and return does not matter. */
  public static void main(String[] args) {
    for (List<String> line : COMMAND_LINES) {
      String[] words = line.toArray(String[]::new);
      Main.commandLine(words).execute(words);
    }
  }
}
