package dev.capsule.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of one engine that answers a line with a line, and is ended when it is too slow. */
public final class AnsweringProcess implements AutoCloseable {
  private static final Predicate<String> READY = "ready"::equals;
  private static final String REFUSAL = "cannot ";

  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;

  /**
   * Starts the process; {@link #awaitReady} says whether it works.
   *
   * @param name the engine's
   * @param errors where its standard error goes
   */
  public AnsweringProcess(String name, List<String> command, Path errors) {
    this.name = name;
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " did not start", e);
    }
    answers = process.inputReader(StandardCharsets.UTF_8);
    requests = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws NoAnswerException when it does not in so many seconds
   */
  public void awaitReady(int seconds) {
    answer("get ready", READY, seconds);
  }

  /**
   * Sends a line, and waits for the answer; other lines that the engine prints do not count.
   *
   * @throws NoAnswerException when there is none in so many seconds, or the engine says "cannot"
   */
  public String ask(String request, Predicate<String> expected, int seconds) {
    try {
      requests.write(request + "\n");
      requests.flush();
    } catch (IOException e) {
      throw new NoAnswerException(name + " has ended: " + e.getMessage());
    }
    return answer("answer to \"" + request + "\"", expected, seconds);
  }

  private String answer(String what, Predicate<String> expected, int seconds) {
    // Decided before the process is ended: that ends or closes what is being read here.
    CompletableFuture<Void> answered = new CompletableFuture<>();
    answered
        .orTimeout(seconds, TimeUnit.SECONDS)
        .whenComplete(
            (nothing, timeout) -> {
              if (timeout != null) {
                process.destroyForcibly();
              }
            });
    String line = null;
    String failure = name + " ended and did not " + what;
    try {
      line = read(expected);
    } catch (IOException e) {
      failure = name + " did not " + what + ": " + e.getMessage();
    }
    boolean inTime = answered.complete(null);
    if (line == null) {
      throw new NoAnswerException(
          inTime ? failure : "%s did not %s within %d s".formatted(name, what, seconds));
    }
    if (!expected.test(line)) {
      throw new NoAnswerException(line.substring(REFUSAL.length()));
    }
    return line;
  }

  /** The next line that is expected or a refusal; null where the process has ended. */
  private String read(Predicate<String> expected) throws IOException {
    String line = answers.readLine();
    while (line != null && !expected.test(line) && !line.startsWith(REFUSAL)) {
      line = answers.readLine();
    }
    return line;
  }

  /** The most memory that the process has had, in MB, where the system tells. */
  OptionalDouble peakMemory() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return OptionalDouble.empty();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
