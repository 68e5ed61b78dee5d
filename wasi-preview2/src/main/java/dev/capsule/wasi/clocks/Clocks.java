package dev.capsule.wasi.clocks;

import dev.capsule.wasi.io.Pollable;

/** The wall clock and the monotonic clock of one guest. */
public interface Clocks {
  /** The time of day. */
  Datetime wallNow();

  /** Nanoseconds since some fixed point, never going back. */
  long monotonicNow();

  /** The smallest step of both clocks, in nanoseconds. */
  long resolution();

  /** Ready once {@link #monotonicNow} has reached {@code instant} (unsigned nanoseconds). */
  Pollable subscribeInstant(long instant);

  /** Ready once the wall clock has reached {@code nanos} since the epoch (unsigned). */
  Pollable subscribeWallInstant(long nanos);

  /** Ready {@code nanos} (unsigned) from now; at the end of time if that overflows. */
  default Pollable subscribeDuration(long nanos) {
    long when = monotonicNow() + nanos;
    return subscribeInstant(Long.compareUnsigned(when, nanos) < 0 ? -1 : when);
  }

  /** The clocks of the host. The monotonic clock starts at 0 for each guest. */
  static Clocks host() {
    return new HostClocks();
  }

  /** Clocks that start at {@code epochSeconds} and move only when read or waited for. */
  static Clocks virtual(long epochSeconds) {
    return new VirtualClocks(epochSeconds);
  }
}
