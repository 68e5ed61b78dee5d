package dev.capsule.engine.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Random valid modules behave the same on every tier: results, traps, exceptions, calls of host
 * functions, state, fuel to the unit, and the point where fuel or call depth runs out. Where it
 * does not run out, engines that count none do the same, too.
 *
 * <p>{@code capsule.fuzz.tries} is the number of cases; {@code capsule.fuzz.seed} repeats one.
 */
class DifferentialTest {
  private static final int BATCHES = 20;

  /** Tries of the normal run, which is the same every time; longer runs differ each time. */
  private static final int NORMAL_TRIES = 2_000;

  private static final long SHRINKING_MILLIS = 60_000;

  @Property(
      tries = BATCHES,
      seed = "20261121",
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE)
  void tiersAgree(@ForAll long seed) {
    Comparison comparison = new Comparison();
    Long given = Long.getLong("capsule.fuzz.seed");
    if (given != null) {
      check(comparison, given);
      return;
    }
    int tries = Integer.getInteger("capsule.fuzz.tries", NORMAL_TRIES);
    long first = tries > NORMAL_TRIES ? seed ^ System.nanoTime() : seed;
    SplittableRandom seeds = new SplittableRandom(first);
    for (int i = tries / BATCHES; i > 0; i--) {
      check(comparison, seeds.nextLong());
    }
    assertTrue(comparison.compiled() > 0, "what is warm is not compiled");
  }

  private static void check(Comparison comparison, long seed) {
    Choices choices = Choices.random(seed);
    Optional<String> difference = difference(comparison, choices);
    if (difference.isPresent()) {
      long[] record =
          Shrinker.shrink(
              choices.record(),
              smaller -> difference(comparison, Choices.replay(smaller)).isPresent(),
              SHRINKING_MILLIS);
      Case small = Case.of(Choices.replay(record));
      String seen =
          difference(comparison, Choices.replay(record))
              .orElseGet(() -> "not repeatable: " + difference.get());
      fail("seed " + seed + "\n" + small + "\n" + seen);
    }
  }

  /** A difference, or what broke down. */
  private static Optional<String> difference(Comparison comparison, Choices choices) {
    try {
      return comparison.difference(Case.of(choices), choices);
    } catch (RuntimeException | Error e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      return Optional.of(trace.toString());
    }
  }
}
