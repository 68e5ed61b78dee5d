package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.runtime.EngineStatistics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts what a compiling tier has done; what is asked for together belongs together. */
final class CompilationCounters {
  private int functions;
  private int cached;
  private int classes;
  private int failed;
  private long bytes;
  private long nanos;
  private final List<String> failures = new CopyOnWriteArrayList<>();

  /** A function has been compiled, or taken from the cache. */
  synchronized void compiled(
      List<FunctionCompiler.Generated> generated, boolean fromCache, long time) {
    functions++;
    if (fromCache) {
      cached++;
    }
    generated(generated, time);
  }

  /** A function that was compiled ahead is linked now. */
  synchronized void linked(long time) {
    nanos += time;
  }

  /** Classes have been generated, or taken from the cache. */
  synchronized void generated(List<FunctionCompiler.Generated> generated, long time) {
    classes += generated.size();
    for (FunctionCompiler.Generated one : generated) {
      bytes += one.bytes().length;
    }
    nanos += time;
  }

  synchronized void failed(FunctionCode function, Throwable reason) {
    failed++;
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

  synchronized EngineStatistics statistics(int interpreted, int waiting) {
    return new EngineStatistics(
        interpreted,
        functions,
        cached,
        waiting,
        failed,
        failures,
        classes,
        bytes,
        Duration.ofNanos(nanos));
  }
}
