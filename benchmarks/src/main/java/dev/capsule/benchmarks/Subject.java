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
import java.util.regex.Pattern;

/** The process of one engine with a guest in it, which does what it is asked to. */
final class Subject implements AutoCloseable {
  /** An engine that takes longer for one answer is left out. */
  private static final int ANSWER_SECONDS = 180;

  private static final Predicate<String> READY = "ready"::equals;
  private static final Predicate<String> ROUND =
      Pattern.compile("[0-9.Ee-]+ -?[0-9.Ee+-]+").asMatchPredicate();

  /** One round's time and checksum. */
  record Round(double millis, String result) {}

  private final GuestEngine engine;
  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;
  private final double readyMillis;

  /**
   * Starts the process and waits until it is ready.
   *
   * @throws NoAnswerException when it does not get ready
   */
  Subject(GuestEngine engine, List<String> command, Path errors) {
    this.engine = engine;
    long start = System.nanoTime();
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
    answer("get ready", READY);
    readyMillis = (System.nanoTime() - start) / 1e6;
  }

  GuestEngine engine() {
    return engine;
  }

  /** From the start of the process until the guest was ready, in milliseconds. */
  double readyMillis() {
    return readyMillis;
  }

  /**
   * Runs a program once.
   *
   * @throws NoAnswerException when there is no answer
   */
  Round run(String program) {
    try {
      requests.write("run " + program + "\n");
      requests.flush();
    } catch (IOException e) {
      throw new NoAnswerException(engine.name() + " has ended: " + e.getMessage());
    }
    String[] parts = answer("answer to " + program, ROUND).split(" ", 2);
    // Checksums are whole numbers, and some engines print them as doubles.
    long result = (long) Double.parseDouble(parts[1]);
    return new Round(Double.parseDouble(parts[0]), Long.toString(result));
  }

  private String answer(String what, Predicate<String> expected) {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    CompletableFuture<Void> late =
        answered
            .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
            .whenComplete(
                (nothing, timeout) -> {
                  if (timeout != null) {
                    process.destroyForcibly();
                  }
                });
    try {
      String line = answers.readLine();
      while (line != null && !expected.test(line)) {
        // Some engines have something to say on the standard output, too.
        line = answers.readLine();
      }
      answered.complete(null);
      if (line == null) {
        throw new NoAnswerException(
            late.isCompletedExceptionally()
                ? "%s did not %s within %d s".formatted(engine.name(), what, ANSWER_SECONDS)
                : "%s ended and did not %s".formatted(engine.name(), what));
      }
      return line;
    } catch (IOException e) {
      throw new NoAnswerException(engine.name() + " did not " + what + ": " + e.getMessage());
    }
  }

  /** The most memory that the process has had, in MB, where the system tells. */
  OptionalDouble peakMemory() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
          .findFirst();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
