package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.kernel.IndirectCalls.Order;
import dev.capsule.engine.module.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * A small module whose export {@code run} takes how much to do and answers what came out, and its
 * twin in plain Java.
 *
 * @param name as the command line and the report say it
 * @param size how much a round does
 * @param operations how many operations a round is, where a time per operation says more; else 0
 * @param text the module in the text format
 * @param twin the same in plain Java
 */
public record Kernel(
    String name, int size, int operations, Supplier<String> text, IntUnaryOperator twin) {
  /** All of them, the report's order. */
  public static final List<Kernel> ALL =
      List.of(
          of("fib", 30, JavaTwins::fib),
          of("sieve", 1 << 20, JavaTwins::sieve),
          of("matmul", 200, JavaTwins::matmul),
          of("sha256", 1 << 20, JavaTwins::sha256),
          of("mandelbrot", 256, JavaTwins::mandelbrot),
          of("nbody", 50_000, JavaTwins::nbody),
          of("fannkuch", 9, JavaTwins::fannkuch),
          of("search", 16, JavaTwins::search),
          new IndirectCalls(4, Order.IN_TURN).kernel(4_000_000),
          new IndirectCalls(4, Order.RANDOM).kernel(4_000_000),
          new IndirectCalls(4, Order.SKEWED).kernel(4_000_000),
          new IndirectCalls(700, Order.IN_TURN).kernel(2_100_000),
          new IndirectCalls(700, Order.RANDOM).kernel(2_100_000),
          new IndirectCalls(700, Order.SKEWED).kernel(2_100_000),
          new Kernel(
              "bytecode-200",
              1_000_000,
              1_000_000,
              GeneratedText::bytecodeLoop,
              JavaTwins::bytecodeLoop),
          of("copy", 1000, JavaTwins::copy),
          of("sum-scalar", 100, JavaTwins::sum),
          of("sum-simd", 100, JavaTwins::sum),
          of("dot-scalar", 100, JavaTwins::dot),
          of("dot-simd", 100, JavaTwins::dot),
          of("base64-scalar", 50, JavaTwins::base64),
          of("base64-simd", 50, JavaTwins::base64),
          of("blur-scalar", 20, JavaTwins::blur),
          of("blur-simd", 20, JavaTwins::blur),
          of("trees", 100, JavaTwins::trees),
          perOperation("exceptions", 100_000, JavaTwins::exceptions),
          perOperation("host", 1_000_000, JavaTwins::host));

  private static Kernel of(String name, int size, IntUnaryOperator twin) {
    return new Kernel(name, size, 0, () -> resource(name), twin);
  }

  private static Kernel perOperation(String name, int size, IntUnaryOperator twin) {
    return new Kernel(name, size, size, () -> resource(name), twin);
  }

  /** The kernel of a name. */
  public static Optional<Kernel> named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  /** The module in the binary format: what every engine is given. */
  public byte[] binary() {
    return Module.parse(text.get()).encode();
  }

  /** The unit of a round's figure. */
  public String unit() {
    return operations == 0 ? "ms" : "ns/op";
  }

  /** A round's figure in {@link #unit}. */
  public double figure(long nanos) {
    return operations == 0 ? nanos / 1e6 : (double) nanos / operations;
  }

  static String resource(String name) {
    try (InputStream in = Kernel.class.getResourceAsStream(name + ".wat")) {
      if (in == null) {
        throw new IllegalArgumentException("no kernel " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
