package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.AnsweringProcess;
import dev.capsule.benchmarks.BenchmarkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One engine with one work, and what it has answered. */
final class Participant implements AutoCloseable {
  /** How long an engine may take to get ready, and how long for one round. */
  private static final int PATIENCE_SECONDS = 60;

  private static final Predicate<String> ROUND =
      Pattern.compile("[0-9]+ -?[0-9]+").asMatchPredicate();

  private final KernelEngine engine;
  private final AnsweringProcess process;
  private final List<Long> nanos = new ArrayList<>();
  private long spentNanos;
  private String result = "";

  /** Starts the process; {@link #awaitReady} says whether it works. */
  Participant(KernelEngine engine, List<String> command, Path errors) {
    this.engine = engine;
    process = new AnsweringProcess(engine.name(), command, errors);
  }

  KernelEngine engine() {
    return engine;
  }

  /** Throws NoAnswerException where the engine refuses or is too slow. */
  void awaitReady() {
    process.awaitReady(PATIENCE_SECONDS);
  }

  /** Runs one round; throws NoAnswerException where the engine refuses or is too slow. */
  void round() {
    long start = System.nanoTime();
    String[] parts = process.ask("run", ROUND, PATIENCE_SECONDS).split(" ", 2);
    spentNanos += System.nanoTime() - start;
    nanos.add(Long.parseLong(parts[0]));
    if (!result.isEmpty() && !result.equals(parts[1])) {
      throw new BenchmarkException(
          engine.name() + " computed " + result + ", and then " + parts[1]);
    }
    result = parts[1];
  }

  /** What the rounds computed. */
  String result() {
    return result;
  }

  /** The time of each round in order, in nanoseconds. */
  List<Long> nanos() {
    return List.copyOf(nanos);
  }

  /** What all rounds took, asking included, in milliseconds: the time of the run. */
  long millis() {
    return spentNanos / 1_000_000;
  }

  @Override
  public void close() {
    process.close();
  }
}
