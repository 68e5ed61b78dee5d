package dev.capsule.wasi.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits for pollables on the guest's own thread ({@code wasi:io/poll.poll}). */
public final class Poller {
  /** The longest sleep in nanoseconds, should a wake-up ever get lost. */
  private static final long SLICE = 50_000_000;

  private Poller() {}

  /**
   * Waits until at least one of the pollables is ready and answers the indices of those that are,
   * ascending. Ends by the exception of {@code guard} when the guest may not wait any longer.
   *
   * <p>A virtual clock moves only here: if nothing is ready, it jumps to the earliest moment waited
   * for.
   */
  public static List<Integer> poll(List<? extends Pollable> pollables, WaitGuard guard) {
    List<Integer> ready = readyOf(pollables);
    if (!ready.isEmpty()) {
      guard.check();
      return ready;
    }
    Pollable nextVirtual = earliestVirtual(pollables);
    if (nextVirtual != null) {
      guard.check();
      nextVirtual.elapse();
      return readyOf(pollables);
    }
    Thread waiter = Thread.currentThread();
    Runnable wake = () -> LockSupport.unpark(waiter);
    for (Pollable p : pollables) {
      p.onReady(wake);
    }
    try (WaitGuard.Registration registered = guard.onInterrupt(wake)) {
      return await(pollables, registered, guard);
    } finally {
      for (Pollable p : pollables) {
        p.forget(wake);
      }
    }
  }

  private static List<Integer> await(
      List<? extends Pollable> pollables, Object blocker, WaitGuard guard) {
    while (true) {
      List<Integer> ready = readyOf(pollables);
      guard.check();
      if (!ready.isEmpty()) {
        return ready;
      }
      long nanos = Math.min(SLICE, guard.remainingNanos());
      for (Pollable p : pollables) {
        nanos = Math.min(nanos, p.nanosUntilReady());
      }
      if (nanos > 0) {
        LockSupport.parkNanos(blocker, nanos);
      }
    }
  }

  /** Waits for one pollable. */
  public static void block(Pollable pollable, WaitGuard guard) {
    if (!pollable.ready()) {
      poll(List.of(pollable), guard);
    }
  }

  private static List<Integer> readyOf(List<? extends Pollable> pollables) {
    List<Integer> ready = new ArrayList<>();
    for (int i = 0; i < pollables.size(); i++) {
      if (pollables.get(i).ready()) {
        ready.add(i);
      }
    }
    return ready;
  }

  private static Pollable earliestVirtual(List<? extends Pollable> pollables) {
    Pollable earliest = null;
    for (Pollable p : pollables) {
      if (p.virtual() && (earliest == null || p.nanosUntilReady() < earliest.nanosUntilReady())) {
        earliest = p;
      }
    }
    return earliest;
  }
}
