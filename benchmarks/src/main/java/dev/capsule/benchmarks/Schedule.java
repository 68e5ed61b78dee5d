package dev.capsule.benchmarks;

import static dev.capsule.benchmarks.GroupRun.minutes;

import java.util.List;
import java.util.Map;

/** The groups of a run in order: says where the time goes. */
final class Schedule {
  /** What a group takes on two processors: in a full run and with --quick. */
  private record Expected(int full, int quick) {}

  private static final Map<String, Expected> EXPECTED =
      Map.ofEntries(
          Map.entry("python", new Expected(425, 75)),
          Map.entry("javascript", new Expected(340, 40)),
          Map.entry("warm-up", new Expected(335, 40)),
          Map.entry("start", new Expected(95, 60)),
          Map.entry("commands", new Expected(60, 45)),
          Map.entry("tasks", new Expected(75, 45)),
          Map.entry("memory", new Expected(10, 10)),
          Map.entry("limits", new Expected(55, 40)),
          Map.entry("stops", new Expected(20, 20)),
          Map.entry("kernels", new Expected(795, 100)),
          Map.entry("engine", new Expected(155, 45)));

  /** A full run that is slower than this continues with the rounds of a quick one. */
  private static final int LIMIT_SECONDS = 49 * 60;

  private static final Expected UNKNOWN = new Expected(0, 0);

  private final List<String> groups;
  private final boolean quick;
  private final Recorder recorder;
  private final long start = System.nanoTime();
  private long begin;

  Schedule(List<String> groups, boolean quick, Recorder recorder) {
    this.recorder = recorder;
    this.groups = List.copyOf(groups);
    this.quick = quick;
  }

  /** A group begins: says how long it may take, and what is left with it. */
  void begin(String group) {
    begin = System.nanoTime();
    recorder.say(
        "%s: begins, about %s; with what follows about %s"
            .formatted(group, minutes(expected(group)), minutes(left(group))));
  }

  /** A group has ended: the seconds that it has taken. */
  double end(String group) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    recorder.say(
        "%s: took %s, %s expected; left: about %s"
            .formatted(
                group,
                minutes(seconds),
                minutes(expected(group)),
                minutes(left(group) - expected(group))));
    return Math.round(seconds * 10) / 10.0;
  }

  /** Whether a full run has no time left for this group, the later ones being measured quickly. */
  boolean isLate(String group) {
    return isLate(group, (System.nanoTime() - start) / 1e9);
  }

  /** The same, so many seconds after the begin of the run. */
  boolean isLate(String group, double elapsed) {
    int later =
        groups.stream()
            .skip(groups.indexOf(group) + 1L)
            .mapToInt(each -> EXPECTED.getOrDefault(each, UNKNOWN).quick)
            .sum();
    return !quick && elapsed + expected(group) + later > LIMIT_SECONDS;
  }

  /** What this group and those after it are expected to take, in seconds. */
  int left(String group) {
    return groups.stream().skip(groups.indexOf(group)).mapToInt(this::expected).sum();
  }

  private int expected(String group) {
    Expected expected = EXPECTED.getOrDefault(group, UNKNOWN);
    return quick ? expected.quick : expected.full;
  }
}
