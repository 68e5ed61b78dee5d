package dev.capsule.wasi.http;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs something unless it is called off in time. One thread for all, started when needed. */
final class Watchdog implements AutoCloseable {
  /** What was to be run. */
  interface Watch {
    /** Calls it off. */
    void close();
  }

  private final ScheduledThreadPoolExecutor timer;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("wasi-http-watchdog").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Runs {@code late} after that time; it must be quick. */
  Watch arm(Duration time, Runnable late) {
    try {
      ScheduledFuture<?> task = timer.schedule(late, time.toNanos(), TimeUnit.NANOSECONDS);
      return () -> task.cancel(false);
    } catch (RejectedExecutionException e) {
      throw new HttpException(
          ErrorCode.Plain.CONFIGURATION_ERROR, "the HTTP service has been closed");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
