package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Compiles all functions of a module in a few threads; ends early when it is interrupted. */
final class Precompilation {
  private static final int MAX_THREADS = 8;

  private final ModuleCode code;
  private final Consumer<FunctionCode> compile;
  private final AtomicInteger next;

  Precompilation(ModuleCode code, Consumer<FunctionCode> compile) {
    this.code = code;
    this.compile = compile;
    this.next = new AtomicInteger(code.module.importedFuncs());
  }

  void run() {
    int functions = code.functions.length - next.get();
    int count =
        Math.min(functions, Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::work, "wasm-precompiler");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= join(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("compilation was interrupted");
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < code.functions.length; i = next.getAndIncrement()) {
      compile.accept(code.functions[i]);
    }
  }

  /** Waits for a thread, which after an interruption only finishes its function. */
  private boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        next.set(code.functions.length);
      }
    }
  }
}
