package dev.capsule.wasi.clocks;

import dev.capsule.wasi.io.Pollable;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The host's clocks. */
final class HostClocks implements Clocks {
  private final long start = System.nanoTime();

  @Override
  public Datetime wallNow() {
    return Datetime.of(Instant.now());
  }

  @Override
  public long monotonicNow() {
    return System.nanoTime() - start;
  }

  @Override
  public long resolution() {
    return 1;
  }

  @Override
  public Pollable subscribeInstant(long instant) {
    return new Until(this::monotonicNow, instant);
  }

  @Override
  public Pollable subscribeWallInstant(long nanos) {
    return new Until(() -> wallNow().toNanos(), nanos);
  }

  private record Until(LongSupplier clock, long instant) implements Pollable {
    @Override
    public boolean ready() {
      return Long.compareUnsigned(clock.getAsLong(), instant) >= 0;
    }

    @Override
    public long nanosUntilReady() {
      long now = clock.getAsLong();
      long left = instant - now;
      if (Long.compareUnsigned(now, instant) >= 0) {
        return 0;
      }
      return left < 0 ? Long.MAX_VALUE : left;
    }
  }
}
