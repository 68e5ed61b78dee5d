package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.runtime.EngineStatistics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a compiling tier has done. */
final class CompilationCounters {
  private final AtomicInteger functions = new AtomicInteger();
  private final AtomicInteger cached = new AtomicInteger();
  private final AtomicInteger classes = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  /** A function has been compiled, or taken from the cache. */
  void compiled(List<FunctionCompiler.Generated> generated, boolean fromCache, long time) {
    functions.incrementAndGet();
    if (fromCache) {
      cached.incrementAndGet();
    }
    defined(generated, time);
  }

  /** A class that was defined earlier is usable now. */
  void linked(long time) {
    nanos.addAndGet(time);
  }

  /** Classes have been defined. */
  void defined(List<FunctionCompiler.Generated> generated, long time) {
    classes.addAndGet(generated.size());
    for (FunctionCompiler.Generated one : generated) {
      bytes.addAndGet(one.bytes().length);
    }
    nanos.addAndGet(time);
  }

  void failed(FunctionCode function, Throwable reason) {
    failed.incrementAndGet();
    if (failures.size() < EngineStatistics.MAX_FAILURES) {
      StackTraceElement[] trace = reason.getStackTrace();
      failures.add(
          function.module.module.funcName(function.index)
              + " ("
              + function.index
              + "): "
              + reason
              + (trace.length == 0 ? "" : " at " + trace[0]));
    }
  }

  EngineStatistics statistics(int interpreted, int waiting) {
    return new EngineStatistics(
        interpreted,
        functions.get(),
        cached.get(),
        waiting,
        failed.get(),
        failures,
        classes.get(),
        bytes.get(),
        Duration.ofNanos(nanos.get()));
  }
}
