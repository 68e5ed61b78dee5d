package dev.capsule.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lets engines take turns and compares what they compute. */
final class Turns {
  private Turns() {}

  /** Runs the rounds, every other one in reverse order; fails where a result differs. */
  static void take(List<Subject> subjects, int rounds) {
    Double expected = null;
    List<Subject> order = new ArrayList<>(subjects);
    for (int round = 0; round < rounds; round++) {
      for (Subject each : order) {
        if (!each.engine().takesPart(round)) {
          continue;
        }
        double result = each.round();
        if (expected == null) {
          expected = result;
        } else if (result != expected) {
          throw new BenchmarkException(
              "%s computed %s, not %s".formatted(each.engine().name(), result, expected));
        }
      }
      Collections.reverse(order);
    }
  }
}
