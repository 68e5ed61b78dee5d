package dev.capsule.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The process of one engine, and the times that it has reported. */
final class Subject implements AutoCloseable {
  /** An engine that takes longer until the guest is ready is left out. */
  private static final int START_SECONDS = 180;

  private final EngineUnderTest engine;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final List<Double> millis = new ArrayList<>();
  private final double readyMillis;

  /** Starts the process and waits until it is ready. */
  Subject(EngineUnderTest engine, List<String> command, Path errors) {
    this.engine = engine;
    long start = System.nanoTime();
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
              .start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      requests = process.outputWriter(StandardCharsets.UTF_8);
      CompletableFuture<Void> ready = new CompletableFuture<>();
      ready
          .orTimeout(START_SECONDS, TimeUnit.SECONDS)
          .exceptionally(
              late -> {
                process.destroyForcibly();
                return null;
              });
      String answer = answers.readLine();
      ready.complete(null);
      if (!"ready".equals(answer)) {
        process.destroyForcibly();
        throw new BenchmarkException(
            "%s was not ready after %d s"
                .formatted(engine.name(), (System.nanoTime() - start) / 1_000_000_000));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(engine.name() + " did not start", e);
    }
    readyMillis = (System.nanoTime() - start) / 1e6;
  }

  EngineUnderTest engine() {
    return engine;
  }

  /** From the start of the process until the guest was ready, in milliseconds. */
  double readyMillis() {
    return readyMillis;
  }

  /** Runs one round and answers its result. */
  double round() {
    try {
      requests.write("run\n");
      requests.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new BenchmarkException(engine.name() + " ended early");
      }
      String[] parts = line.split(" ", 2);
      millis.add(Double.parseDouble(parts[0]));
      return Double.parseDouble(parts[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(engine.name() + " ended early", e);
    }
  }

  /** The time of each round in order, in milliseconds: the warm-up curve. */
  List<Double> curve() {
    return Collections.unmodifiableList(millis);
  }

  /** The times of the second half of the rounds, sorted: what counts as warm. */
  List<Double> warm() {
    return millis.subList(millis.size() / 2, millis.size()).stream().sorted().toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
