package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
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
 * The kernels of kernels.wat in each tier, and in plain Java. Each is checked once per iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelsBenchmark {
  /** A kernel, how much of it, and what comes out. */
  public enum Kernel {
    FIB("fib", 20, PlainJava::fib),
    SIEVE("sieve", 65536, PlainJava::sieve),
    HASH("hash", 100_000, PlainJava::hash),
    MANDELBROT("mandelbrot", 64, PlainJava::mandelbrot),
    INDIRECT("indirect", 100_000, PlainJava::indirect),
    HOST("host", 10_000, n -> n),
    COPY("copy", 100, n -> 42),
    DOT("dot", 100_000, n -> 30 * n);

    private final String export;
    private final int size;
    private final IntUnaryOperator java;

    Kernel(String export, int size, IntUnaryOperator java) {
      this.export = export;
      this.size = size;
      this.java = java;
    }
  }

  /** Where it runs; JAVA is the same in plain Java, or the closed form where that is trivial. */
  public enum Where {
    INTERPRETER,
    TIERED,
    JIT,
    JIT_EPOCH,
    JIT_OFF,
    JAVA
  }

  @Param Kernel kernel;
  @Param Where tier;

  private IntUnaryOperator function;
  private int size;
  private int expected;
  private int last;

  /** Instantiates the module in the tier and checks the kernel. */
  @Setup
  public void instantiate() throws IOException {
    size = kernel.size;
    expected = kernel.java.applyAsInt(size);
    function =
        tier == Where.JAVA
            ? kernel.java
            : instance().func(kernel.export).as(IntUnaryOperator.class);
    last = function.applyAsInt(size);
    check();
  }

  /** Fails the benchmark when the last call of an iteration answered something else. */
  @TearDown(Level.Iteration)
  public void check() {
    if (last != expected) {
      throw new IllegalStateException(kernel + " in " + tier + ": " + last + ", not " + expected);
    }
  }

  @Benchmark
  public int run() {
    last = function.applyAsInt(size);
    return last;
  }

  private Instance instance() throws IOException {
    Engine engine =
        switch (tier) {
          case INTERPRETER -> Engine.builder().tier(Tier.INTERPRETER).build();
          case TIERED -> Engine.builder().tier(Tier.TIERED).build();
          case JIT -> Engine.builder().tier(Tier.JIT).build();
          case JIT_EPOCH -> Engine.builder().tier(Tier.JIT).fuelMode(FuelMode.EPOCH).build();
          case JIT_OFF -> Engine.builder().tier(Tier.JIT).fuelMode(FuelMode.OFF).build();
          case JAVA -> throw new IllegalStateException("not an engine");
        };
    Store store = engine.newStore();
    FuncType next = new FuncType(List.of(NumType.I32), List.of(NumType.I32));
    return new Linker()
        .func("host", "next", next, caller -> caller.setI32(0, caller.i32(0) + 1))
        .instantiate(store, module());
  }

  private static Module module() throws IOException {
    try (InputStream in = KernelsBenchmark.class.getResourceAsStream("kernels.wat")) {
      return Module.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
