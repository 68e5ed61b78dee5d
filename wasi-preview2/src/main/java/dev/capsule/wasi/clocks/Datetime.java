package dev.capsule.wasi.clocks;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A moment since 1970-01-01T00:00:00Z ({@code wasi:clocks/wall-clock.datetime}).
 *
 * @param seconds whole seconds
 * @param nanoseconds the rest, below 1,000,000,000
 */
public record Datetime(long seconds, int nanoseconds) {
  private static final int BILLION = 1_000_000_000;

  /** The moment that many nanoseconds after the epoch, as an unsigned number. */
  public static Datetime ofNanos(long nanos) {
    return new Datetime(
        Long.divideUnsigned(nanos, BILLION), (int) Long.remainderUnsigned(nanos, BILLION));
  }

  /** The moment an instant names; moments before the epoch become the epoch. */
  public static Datetime of(Instant instant) {
    return instant.getEpochSecond() < 0
        ? new Datetime(0, 0)
        : new Datetime(instant.getEpochSecond(), instant.getNano());
  }

  /** Nanoseconds since the epoch, modulo 2^64. */
  public long toNanos() {
    return TimeUnit.SECONDS.toNanos(1) * seconds + nanoseconds;
  }

  /** This moment for Java's own interfaces. */
  public Instant toInstant() {
    return Instant.ofEpochSecond(seconds, nanoseconds);
  }
}
