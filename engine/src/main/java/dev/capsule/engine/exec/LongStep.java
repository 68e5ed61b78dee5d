package dev.capsule.engine.exec;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
   * @param bytes how much it allocates or fills
   * @throws OutOfMemoryError if {@code work} does
   * @throws dev.capsule.engine.runtime.Trap if the guest's time is over before it ends
   */
  static <T> T result(ExecStore store, long bytes, Supplier<T> work) {
    if (bytes < LONG || !store.isRunning()) {
      return work.get();
    }
    store.checkInterruption();
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread worker = new Thread(task, "capsule-allocation");
    worker.setDaemon(true);
    worker.start();
    while (true) {
      try {
        return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        store.checkInterruption();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        store.checkInterruption();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof OutOfMemoryError full) {
          throw full;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
