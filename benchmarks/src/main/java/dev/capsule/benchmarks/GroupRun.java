package dev.capsule.benchmarks;

import java.util.Locale;

/**
 * How the measurements of a group were taken.
 *
 * @param seconds how long that took
 * @param command what measures the group anew in the same way
 */
public record GroupRun(double seconds, String command) {
  /** Seconds as minutes and seconds. */
  public static String minutes(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
  }
}
