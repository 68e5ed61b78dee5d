package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Functions that wait to be compiled, by a background thread or, without one, at once. */
final class CompileQueue {
  private static final int MAX_WAITING = 10_000;
  private static final int THREADS =
      Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() / 2));

  private final ThreadPoolExecutor threads;

  CompileQueue(boolean background) {
    if (!background) {
      threads = null;
      return;
    }
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "wasm-compiler");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** How many functions wait. */
  int waiting() {
    return threads == null ? 0 : threads.getQueue().size();
  }

  /** Runs something that has nothing to do with one function, in background if there is one. */
  void first(Runnable task) {
    if (threads == null) {
      task.run();
    } else {
      threads.execute(task);
    }
  }

  void add(FunctionCode function, Consumer<FunctionCode> compile) {
    if (threads == null) {
      compile.accept(function);
      return;
    }
    if (function.queued) {
      return;
    }
    function.queued = true;
    try {
      threads.execute(
          () -> {
            function.queued = false;
            compile.accept(function);
          });
    } catch (RejectedExecutionException e) {
      // The queue is full: the function will ask again while it stays warm.
      function.queued = false;
    }
  }
}
