package dev.capsule.engine.exec;

import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * Work for a guest that the JVM does in one piece, such as making an array of hundreds of
 * megabytes, which takes half a millisecond per megabyte. A thread of its own does it, so that the
 * guest's thread can look at deadline and interruption meanwhile; when it traps, what the work
 * makes is dropped. (A collection of garbage that the JVM wants meanwhile stops all threads until
 * the array is there.)
 */
final class LongStep {
  /** Less than so many bytes are made by the guest's thread: that takes some 15 ms. */
  private static final long LONG = 32 << 20;

  private static final long LOOK_MILLIS = 5;

  private LongStep() {}

  /**
   * The result of {@code work}, which must have no effect but its result.
   *
   * @param store whose code waits
   * @param bytes how much it allocates or fills
   * @throws OutOfMemoryError if {@code work} does
   * @throws dev.capsule.engine.runtime.Trap if the guest's time is over before it ends
   */
  static <T> T result(ExecStore store, long bytes, Supplier<T> work) {
    if (bytes < LONG || !store.runsHere()) {
      return work.get();
    }
    store.checkInterruption();
    // What an earlier call has left behind counts for no limit: so there is one at a time.
    while (store.abandoned.isPresent() && store.abandoned.get().isAlive()) {
      look(store, () -> store.abandoned.get().join(LOOK_MILLIS));
    }
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread worker = new Thread(task, "capsule-allocation");
    worker.setDaemon(true);
    worker.start();
    store.abandoned = Optional.of(worker);
    while (!task.isDone()) {
      look(store, () -> worker.join(LOOK_MILLIS));
    }
    store.abandoned = Optional.empty();
    return switch (task.state()) {
      case SUCCESS -> task.resultNow();
      default -> throw failure(task.exceptionNow());
    };
  }

  private static RuntimeException failure(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError full) {
      throw full;
    }
    return new IllegalStateException(thrown);
  }

  private interface Wait {
    void run() throws InterruptedException;
  }

  /** Waits for a moment, and looks at deadline and interruption. */
  private static void look(ExecStore store, Wait wait) {
    try {
      wait.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.checkInterruption();
  }

  /**
   * Waits for a lock that others hold while they do such work.
   *
   * @throws dev.capsule.engine.runtime.Trap if the guest's time is over before it is free
   */
  static void lock(ExecStore store, Lock lock) {
    if (!store.runsHere()) {
      lock.lock();
      return;
    }
    while (!lock.tryLock()) {
      look(store, () -> TimeUnit.MILLISECONDS.sleep(1));
    }
  }
}
