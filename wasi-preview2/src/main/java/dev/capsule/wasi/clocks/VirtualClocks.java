package dev.capsule.wasi.clocks;

import dev.capsule.wasi.io.Pollable;

/**
 * Clocks without a host behind them. Every reading moves them by one microsecond, so that a guest
 * that spins until time has passed comes to an end; waiting moves them to the moment waited for.
 */
final class VirtualClocks implements Clocks {
  private static final long TICK = 1_000;

  private final long epochNanos;
  private long elapsed;

  VirtualClocks(long epochSeconds) {
    this.epochNanos = epochSeconds * 1_000_000_000L;
  }

  @Override
  public synchronized Datetime wallNow() {
    return Datetime.ofNanos(epochNanos + monotonicNow());
  }

  @Override
  public synchronized long monotonicNow() {
    elapsed += TICK;
    return elapsed;
  }

  @Override
  public long resolution() {
    return TICK;
  }

  private synchronized long elapsed() {
    return elapsed;
  }

  private synchronized void elapseTo(long instant) {
    if (Long.compareUnsigned(elapsed, instant) < 0) {
      elapsed = instant;
    }
  }

  @Override
  public Pollable subscribeInstant(long instant) {
    return new Pollable() {
      @Override
      public boolean ready() {
        return Long.compareUnsigned(elapsed(), instant) >= 0;
      }

      @Override
      public long nanosUntilReady() {
        long left = instant - elapsed();
        return left < 0 ? Long.MAX_VALUE : left;
      }

      @Override
      public void elapse() {
        elapseTo(instant);
      }

      @Override
      public boolean virtual() {
        return nanosUntilReady() != Long.MAX_VALUE;
      }
    };
  }

  @Override
  public Pollable subscribeWallInstant(long nanos) {
    return subscribeInstant(Long.compareUnsigned(nanos, epochNanos) < 0 ? 0 : nanos - epochNanos);
  }
}
