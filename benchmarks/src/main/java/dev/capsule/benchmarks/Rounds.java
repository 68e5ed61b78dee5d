package dev.capsule.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rounds of one program in which engines take turns, every other round in reverse order, so that
 * what disturbs the machine disturbs all.
 *
 * @param most how many rounds an engine runs
 * @param budgetMillis an engine that has used more than this much stops early, but not before its
 *     eighth round, a peer not before its first; interpreters have a third
 */
record Rounds(int most, double budgetMillis) {
  /** Interpreters have no compiler to wait for. */
  private static final int INTERPRETERS_SHARE = 3;

  private static final int INTERPRETERS_LEAST = 3;
  private static final int LEAST = 8;

  /** What became of an engine: its rounds, or why it failed. */
  static final class Taken {
    private final List<Subject.Round> rounds = new ArrayList<>();
    private Optional<NoAnswerException> failure = Optional.empty();

    /** The times of all rounds in order, in milliseconds. */
    List<Double> millis() {
      return rounds.stream().map(Subject.Round::millis).toList();
    }

    /** The times of the second half of the rounds: what counts as warm. */
    List<Double> warm() {
      return millis().subList(rounds.size() / 2, rounds.size());
    }

    /** The checksum. */
    String result() {
      return rounds.getFirst().result();
    }

    /** Why the engine has not finished its rounds. */
    Optional<NoAnswerException> failure() {
      return failure;
    }

    /** All of it, in milliseconds. */
    double spent() {
      return rounds.stream().mapToDouble(Subject.Round::millis).sum();
    }
  }

  /**
   * Takes the rounds.
   *
   * @throws BenchmarkException when a checksum differs from the others
   */
  Map<Subject, Taken> take(List<Subject> subjects, String program) {
    Map<Subject, Taken> all = new LinkedHashMap<>();
    subjects.forEach(each -> all.put(each, new Taken()));
    List<Subject> order = new ArrayList<>(subjects);
    String expected = null;
    for (int round = 0; round < most; round++) {
      for (Subject each : order) {
        Taken taken = all.get(each);
        if (taken.failure.isPresent() || isEnough(each.engine(), taken)) {
          continue;
        }
        try {
          Subject.Round one = each.run(program);
          expected = expected == null ? one.result() : expected;
          check(each, program, expected, one);
          taken.rounds.add(one);
        } catch (NoAnswerException e) {
          taken.failure = Optional.of(e);
        }
      }
      Collections.reverse(order);
    }
    return all;
  }

  private boolean isEnough(GuestEngine engine, Taken taken) {
    int least = engine.isPeer() ? 1 : engine.isInterpreter() ? INTERPRETERS_LEAST : LEAST;
    double budget = engine.isInterpreter() ? budgetMillis / INTERPRETERS_SHARE : budgetMillis;
    return taken.rounds.size() >= Math.min(least, most) && taken.spent() > budget;
  }

  /** Runs a program for a time, alone; an interpreter does not need to. */
  static void warmUp(Subject subject, String program, double millis) {
    double most = subject.engine().isInterpreter() ? 0 : millis;
    for (double spent = 0; spent < most; ) {
      spent += subject.run(program).millis();
    }
  }

  private static void check(Subject who, String program, String expected, Subject.Round one) {
    if (!one.result().equals(expected)) {
      throw new BenchmarkException(
          "%s: %s computed %s, not %s"
              .formatted(program, who.engine().name(), one.result(), expected));
    }
  }
}
