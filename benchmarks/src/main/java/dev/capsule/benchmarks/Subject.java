package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One engine with a guest in it, which runs the programs that it is asked to. */
final class Subject implements AutoCloseable {
  /** An engine that takes longer for one answer is left out; V8 takes a second. */
  private static final int ANSWER_SECONDS = 120;

  private static final int PEER_ANSWER_SECONDS = 60;

  private static final Predicate<String> ROUND =
      Pattern.compile("[0-9.Ee-]+ -?[0-9.Ee+-]+").asMatchPredicate();

  /** One round's time and checksum. */
  record Round(double millis, String result) {}

  private final GuestEngine engine;
  private final AnsweringProcess process;
  private final double readyMillis;
  private double spentMillis;

  /**
   * Starts the process and waits until it is ready.
   *
   * @throws NoAnswerException when it does not get ready
   */
  Subject(GuestEngine engine, List<String> command, Path errors) {
    this.engine = engine;
    long start = System.nanoTime();
    process = new AnsweringProcess(engine.name(), command, errors);
    try {
      process.awaitReady(patience());
    } catch (NoAnswerException e) {
      process.close();
      throw e;
    }
    readyMillis = (System.nanoTime() - start) / 1e6;
    spentMillis = readyMillis;
  }

  private int patience() {
    return engine.isPeer() ? PEER_ANSWER_SECONDS : ANSWER_SECONDS;
  }

  GuestEngine engine() {
    return engine;
  }

  /** From the start of the process until the guest was ready, in milliseconds. */
  double readyMillis() {
    return readyMillis;
  }

  /** All that the process has used of the run's time, in milliseconds. */
  double spentMillis() {
    return spentMillis;
  }

  /**
   * Runs a program once.
   *
   * @throws NoAnswerException when there is no answer
   */
  Round run(String program) {
    String[] parts = process.ask("run " + program, ROUND, patience()).split(" ", 2);
    // Checksums are whole numbers, and some engines print them as doubles.
    long result = (long) Double.parseDouble(parts[1]);
    double millis = Double.parseDouble(parts[0]);
    spentMillis += millis;
    return new Round(millis, Long.toString(result));
  }

  /** The most memory that the process has had, in MB, where the system tells. */
  OptionalDouble peakMemory() {
    return process.peakMemory();
  }

  @Override
  public void close() {
    process.close();
  }
}
