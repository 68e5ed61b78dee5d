package dev.capsule.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells {@code ./capsule-bench} what Maven has found out: the Java to run on and the class path.
 */
public final class LaunchFile {
  private LaunchFile() {}

  /** Arguments: the file to write, and the names and versions of the peers. */
  public static void main(String[] arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.write(
        Path.of(arguments[0]),
        List.of(java.toString(), System.getProperty("java.class.path"), arguments[1]));
  }
}
