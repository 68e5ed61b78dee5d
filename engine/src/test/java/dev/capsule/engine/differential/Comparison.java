package dev.capsule.engine.differential;

import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Runs cases on every tier and tells the first difference. */
final class Comparison {
  private static final long REFERENCE_STACK = 64 << 20;

  private final List<Subject> subjects = new ArrayList<>();
  private final List<Subject> unmetered =
      List.of(Subject.of(FuelMode.OFF), Subject.of(FuelMode.EPOCH));

  Comparison() {
    subjects.add(Subject.reference());
    for (Tier tier : Tier.values()) {
      subjects.add(Subject.of(tier));
    }
  }

  /**
   * The first difference between two tiers, or what could not be compiled; empty if all is well.
   */
  Optional<String> difference(Case of, Choices choices) {
    int failures = failures();
    Optional<String> difference = differenceOfRuns(of, choices);
    if (difference.isEmpty() && failures() > failures) {
      return Optional.of("could not compile: " + all().map(Subject::reasons).toList());
    }
    return difference;
  }

  /** How many functions were compiled by the last way, which does not compile all of them. */
  int compiled() {
    return subjects.getLast().compiled();
  }

  private int failures() {
    return all().mapToInt(Subject::failures).sum();
  }

  private Stream<Subject> all() {
    return Stream.concat(subjects.stream(), unmetered.stream());
  }

  private Optional<String> differenceOfRuns(Case of, Choices choices) {
    int steps = Run.steps(of);
    long[] fuel = new long[steps];
    Arrays.fill(fuel, of.fuel());
    List<Run.Seen> expected = reference(of, fuel);
    Optional<String> difference = difference(of, fuel, expected);
    if (difference.isPresent()) {
      return difference;
    }
    // Once more, each call with less fuel than it takes.
    for (int i = 0; i < Math.min(steps, expected.size()); i++) {
      fuel[i] = choices.below((int) expected.get(i).fuel() + 2);
    }
    // Instances are needed to see anything at all.
    fuel[0] = of.fuel();
    if (choices.chance(90)) {
      fuel[1] = of.fuel();
    }
    return difference(of, fuel, reference(of, fuel));
  }

  private Optional<String> difference(Case of, long[] fuel, List<Run.Seen> expected) {
    Subject before = subjects.get(0);
    List<Run.Seen> seenBefore = expected;
    for (Subject subject : subjects.subList(1, subjects.size())) {
      List<Run.Seen> seen = run(subject, of, fuel);
      Optional<String> difference = difference(before, seenBefore, subject, seen, fuel);
      if (difference.isPresent()) {
        return difference;
      }
      before = subject;
      seenBefore = seen;
    }
    return differenceWithoutFuel(of, before, seenBefore, fuel);
  }

  /** Where nothing runs out of fuel, engines that do not count it do the same. */
  private Optional<String> differenceWithoutFuel(
      Case of, Subject exact, List<Run.Seen> seenExactly, long[] fuel) {
    if (seenExactly.stream().anyMatch(Run.Seen::isOutOfFuel)) {
      return Optional.empty();
    }
    List<Run.Seen> expected = seenExactly.stream().map(Run.Seen::withoutFuel).toList();
    for (Subject subject : unmetered) {
      List<Run.Seen> seen =
          Run.unmetered(of, subject.store(of, limits(of))).stream()
              .map(Run.Seen::withoutFuel)
              .toList();
      Optional<String> difference = difference(exact, expected, subject, seen, fuel);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(
      Subject before,
      List<Run.Seen> seenBefore,
      Subject subject,
      List<Run.Seen> seen,
      long[] fuel) {
    for (int i = 0; i < Math.max(seen.size(), seenBefore.size()); i++) {
      Run.Seen a = i < seenBefore.size() ? seenBefore.get(i) : Run.Seen.NOTHING;
      Run.Seen b = i < seen.size() ? seen.get(i) : Run.Seen.NOTHING;
      String differences = a.differences(b);
      if (!differences.isEmpty()) {
        return Optional.of(
            String.format(
                "step %d with fuel %d differs in%s!%n%s: %s%n%s: %s",
                i, fuel[i], differences, before.name(), a, subject.name(), b));
      }
    }
    return Optional.empty();
  }

  /** In a thread with a large stack: each of its calls nests several Java calls. */
  private List<Run.Seen> reference(Case of, long[] fuel) {
    return CompletableFuture.supplyAsync(
            () -> run(subjects.get(0), of, fuel),
            action -> new Thread(null, action, "reference", REFERENCE_STACK).start())
        .join();
  }

  private static List<Run.Seen> run(Subject subject, Case of, long[] fuel) {
    return Run.of(of, subject.store(of, limits(of)), fuel);
  }

  /** What instances may take: little, so that growing fails now and then. */
  static StoreLimits limits(Case of) {
    return new StoreLimits(1 << 20, 2000, 64 << 20, 10, of.depth());
  }
}
