package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This process's own JVM, started anew. */
final class Jvm {
  private Jvm() {}

  /** The command that runs a main class of this class path. */
  static List<String> command(Class<?> main, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }
}
