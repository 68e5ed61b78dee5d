package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of one engine with one work, and what it has answered. */
final class Participant implements AutoCloseable {
  private final KernelEngine engine;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final List<Long> nanos = new ArrayList<>();
  private String result = "";
  private volatile String refusal = "";

  /** Starts the process; {@link #awaitReady} says whether it works. */
  Participant(KernelEngine engine, List<String> command, Path errors) {
    this.engine = engine;
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(engine.name() + " did not start", e);
    }
    answers = process.inputReader(StandardCharsets.UTF_8);
    requests = process.outputWriter(StandardCharsets.UTF_8);
  }

  KernelEngine engine() {
    return engine;
  }

  /** Waits for at most so many seconds; answers false where the engine refuses or is too slow. */
  boolean awaitReady(int seconds) {
    return "ready".equals(answer(seconds));
  }

  /** Runs one round; answers false where the engine refuses or is too slow. */
  boolean round(int seconds) {
    try {
      requests.write("run\n");
      requests.flush();
    } catch (IOException e) {
      refusal = "ended early";
      return false;
    }
    String answer = answer(seconds);
    if (!refusal.isEmpty()) {
      return false;
    }
    String[] parts = answer.split(" ", 2);
    nanos.add(Long.parseLong(parts[0]));
    if (!result.isEmpty() && !result.equals(parts[1])) {
      throw new BenchmarkException(
          engine.name() + " computed " + result + ", and then " + parts[1]);
    }
    result = parts[1];
    return true;
  }

  private String answer(int seconds) {
    Thread late =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    TimeUnit.SECONDS.sleep(seconds);
                    refusal = "not done after " + seconds + " s";
                    process.destroyForcibly();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      String line = answers.readLine();
      if (line == null) {
        refusal = refusal.isEmpty() ? "ended early" : refusal;
        return "";
      }
      if (line.startsWith("cannot ")) {
        refusal = line.substring("cannot ".length());
      }
      return line;
    } catch (IOException e) {
      refusal = refusal.isEmpty() ? "ended early" : refusal;
      return "";
    } finally {
      late.interrupt();
    }
  }

  /** Why there are no figures; empty where there are. */
  String refusal() {
    return refusal;
  }

  /** What the rounds computed. */
  String result() {
    return result;
  }

  /** The time of each round in order, in nanoseconds. */
  List<Long> nanos() {
    return List.copyOf(nanos);
  }

  /** What all rounds took, in milliseconds. */
  long millis() {
    return nanos.stream().mapToLong(Long::longValue).sum() / 1_000_000;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
