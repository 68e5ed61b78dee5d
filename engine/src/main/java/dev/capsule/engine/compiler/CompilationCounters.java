package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a compiling tier has done. */
final class CompilationCounters {
  private final AtomicInteger functions = new AtomicInteger();
  private final AtomicInteger classes = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private volatile String lastFailure = "";

  void compiled(List<FunctionCompiler.Generated> generated, long time) {
    functions.incrementAndGet();
    classes.addAndGet(generated.size());
    for (FunctionCompiler.Generated one : generated) {
      bytes.addAndGet(one.bytes().length);
    }
    nanos.addAndGet(time);
  }

  void failed(FunctionCode function, Throwable reason) {
    failed.incrementAndGet();
    lastFailure = "function " + function.index + ": " + reason;
    if (System.getProperty("capsule.jit.debug") != null) {
      reason.printStackTrace();
    }
  }

  int functions() {
    return functions.get();
  }

  int classes() {
    return classes.get();
  }

  int failures() {
    return failed.get();
  }

  long bytes() {
    return bytes.get();
  }

  long nanos() {
    return nanos.get();
  }

  String lastFailure() {
    return lastFailure;
  }
}
