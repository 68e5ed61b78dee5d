package dev.capsule.benchmarks.report;

import dev.capsule.benchmarks.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where another engine's median is less than ours for the same work. */
final class Losses {
  /** A smaller difference would be written as 1.00. */
  private static final double NOTABLE = 1.005;

  /** Our engines that a reader would use; of each work the first of them counts. */
  private static final List<String> OURS = List.of("capsule-tiered", "capsule-warm", "capsule-jit");

  private static final String OUR_INTERPRETER = "capsule-interpreter";

  /**
   * Work that another engine does faster.
   *
   * @param factor our time, or memory, over the other's
   */
  record Loss(Measurement ours, Measurement other, double factor) {}

  private final List<Loss> all = new ArrayList<>();

  /** Those of a run. */
  static Losses of(Map<String, List<Measurement>> groups) {
    Losses losses = new Losses();
    groups.values().forEach(losses::addGroup);
    return losses;
  }

  private void addGroup(List<Measurement> group) {
    for (Measurement ours : group) {
      if (!isOurs(ours, group)) {
        continue;
      }
      for (Measurement other : group) {
        double factor = Spread.of(ours).median() / Spread.of(other).median();
        if (ours.name().equals(other.name())
            && factor >= NOTABLE
            && areRivals(ours.engine(), other.engine(), ours.group())) {
          all.add(new Loss(ours, other, factor));
        }
      }
    }
  }

  private static boolean isOurs(Measurement one, List<Measurement> group) {
    int place = OURS.indexOf(one.engine());
    boolean hasBetter =
        place > 0
            && group.stream()
                .filter(each -> each.name().equals(one.name()))
                .anyMatch(each -> OURS.subList(0, place).contains(each.engine()));
    return one.engine().equals(OUR_INTERPRETER) || place >= 0 && !hasBetter;
  }

  /** The same programs in node itself, and plain Java, are no sandboxes; commands are. */
  private static boolean areRivals(String ours, String other, String group) {
    if (other.startsWith("capsule") || other.equals("java")) {
      return false;
    }
    if (other.equals("node")) {
      return group.equals("commands") && OURS.contains(ours);
    }
    boolean bothInterpret =
        ours.equals(OUR_INTERPRETER)
            && (other.endsWith("-interpreter") || other.equals("graalwasm"));
    return OURS.contains(ours) || bothInterpret;
  }

  /** By pair of engines, with the group: "capsule-tiered against v8 in python". */
  Map<String, List<Loss>> byPair() {
    Map<String, List<Loss>> pairs = new LinkedHashMap<>();
    for (Loss each : all) {
      String pair =
          "%s against %s in %s"
              .formatted(each.ours.engine(), each.other.engine(), each.ours.group());
      pairs.computeIfAbsent(pair, key -> new ArrayList<>()).add(each);
    }
    return pairs;
  }

  /** The programs of a pair with their factors. */
  static String describe(List<Loss> losses) {
    return String.join(
        ", ",
        losses.stream()
            .map(each -> each.ours().name() + " " + Numbers.ratio(each.factor()))
            .toList());
  }

  /** Whether somebody is faster than this measurement of ours. */
  boolean isLost(Measurement measurement) {
    return all.stream().anyMatch(each -> each.ours.equals(measurement));
  }

  /** Whether this measurement of somebody else's is better than ours. */
  boolean isBetter(String group, String name, String engine) {
    return all.stream()
        .anyMatch(
            each ->
                each.other.group().equals(group)
                    && each.other.name().equals(name)
                    && each.other.engine().equals(engine));
  }
}
