package dev.capsule.task.schedule;

import dev.capsule.task.guest.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that sandboxes run on: so many for each depth of calls, first come first served.
 *
 * <p>A task that waits for a sub-task keeps its thread and its sandbox. It waits only for a greater
 * depth, so there is always a depth whose tasks wait for nobody, and no order of calls can make
 * tasks wait for each other; and the number of live sandboxes, hence their memory, is at most
 * threads times depth. They are platform threads, because a task that computes never yields:
 * virtual threads would let as many busy tasks as there are processors starve all others.
 */
public final class SandboxPool implements AutoCloseable {
  private static final long STACK_BYTES = 16L << 20;
  private static final long IDLE_SECONDS = 10;

  private final List<ThreadPoolExecutor> levels = new ArrayList<>();
  private final ScheduledThreadPoolExecutor timer;
  private final int parallel;
  private boolean closed;

  /** A pool of so many threads for each depth. */
  public SandboxPool(int parallel) {
    this.parallel = parallel;
    timer = new ScheduledThreadPoolExecutor(1, threads("capsule-timer", 0));
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Runs the action on a thread of that depth as soon as one is free. */
  void submit(int depth, Runnable action) {
    level(depth).execute(action);
  }

  /** Runs a quick action after so many nanoseconds. */
  ScheduledFuture<?> after(long nanos, Runnable action) {
    return timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  /** A cancellation that comes after so long. */
  public Cancellation cancelAfter(Duration time) {
    CancelScope scope = new CancelScope();
    after(time.toNanos(), () -> scope.request(CancelScope.Reason.TIMEOUT));
    return scope;
  }

  private ThreadPoolExecutor level(int depth) {
    synchronized (levels) {
      if (closed) {
        throw new RejectedExecutionException("closed");
      }
      while (levels.size() < depth) {
        ThreadPoolExecutor level =
            new ThreadPoolExecutor(
                parallel,
                parallel,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads("capsule-" + (levels.size() + 1), STACK_BYTES));
        level.allowCoreThreadTimeOut(true);
        levels.add(level);
      }
      return levels.get(depth - 1);
    }
  }

  /** Takes no more tasks. Those that run are not waited for. */
  @Override
  public void close() {
    synchronized (levels) {
      closed = true;
      levels.forEach(ThreadPoolExecutor::shutdown);
    }
    timer.shutdown();
  }

  private static ThreadFactory threads(String name, long stackBytes) {
    AtomicInteger count = new AtomicInteger();
    return action -> {
      Thread thread = new Thread(null, action, name + "-" + count.incrementAndGet(), stackBytes);
      thread.setDaemon(true);
      return thread;
    };
  }
}
