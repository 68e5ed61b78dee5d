package dev.capsule.benchmarks;

import java.util.Locale;

/**
 * How the measurements of a group were taken.
 *
 * @param seconds how long that took
 * @param command what measures the group anew in the same way
 */
public record GroupRun(double seconds, String command) {
  /** Whether only some engines or programs of the group were measured. */
  boolean isPartial() {
    return command.contains(" --engines ") || command.contains(" --programs ");
  }

  /** Seconds as minutes and seconds. */
  public static String minutes(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
  }
}
