package dev.capsule.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that measures by itself, writes a file of measurements and ends. */
final class MeasuringProcess {
  private static final int MINUTES = 4;

  private MeasuringProcess() {}

  /**
   * Runs it.
   *
   * @param file its last argument: where it writes the measurements
   * @param log where what it prints goes
   * @throws BenchmarkException when it fails, or takes too long
   */
  static List<Measurement> run(List<String> command, List<String> arguments, Path file, Path log) {
    List<String> words = new ArrayList<>(command);
    words.addAll(arguments);
    words.add(file.toString());
    try {
      Files.deleteIfExists(file);
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new BenchmarkException("not ended after " + MINUTES + " min");
      }
      if (process.exitValue() != 0 || !Files.exists(file)) {
        throw new BenchmarkException("failed: see " + log.getFileName());
      }
      return MeasurementFile.read(file).measurements();
    } catch (IOException e) {
      throw new UncheckedIOException(log.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted");
    }
  }
}
