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
 * @param budgetMillis an engine that has used more than this much stops early, but not before two
 *     fifths of the rounds, an interpreter not before a fifth
 * @param peersLeast peers have half of the budget, and stop early not before this round
 */
record Rounds(int most, double budgetMillis, int peersLeast) {
  private static final double LEAST = 0.4;
  private static final double INTERPRETERS_LEAST = 0.2;

  /** What became of an engine: its rounds, or why it failed. */
  static final class Taken {
    private final List<Subject.Round> rounds = new ArrayList<>();
    private Optional<NoAnswerException> failure = Optional.empty();

    /** The times of all rounds in order, in milliseconds. */
    List<Double> millis() {
      return rounds.stream().map(Subject.Round::millis).toList();
    }

    /** The checksum. */
    String result() {
      return rounds.getFirst().result();
    }

    /** Why the engine has not finished its rounds. */
    Optional<NoAnswerException> failure() {
      return failure;
    }

    private double spent() {
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
    double share = engine.isInterpreter() ? INTERPRETERS_LEAST : LEAST;
    int least = engine.isPeer() ? peersLeast : (int) Math.ceil(most * share);
    double budget = engine.isPeer() ? budgetMillis / 2 : budgetMillis;
    return taken.rounds.size() >= Math.min(least, most) && taken.spent() > budget;
  }

  /**
   * Runs a program for a time, alone. Interpreters have no compiler to wait for; V8 and peers get a
   * third of the time.
   */
  static void warmUp(Subject subject, String program, double millis) {
    GuestEngine engine = subject.engine();
    double most = engine.kind() == GuestEngine.Kind.OWN ? millis : millis / 3;
    for (double spent = 0; !engine.isInterpreter() && spent < most; ) {
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
