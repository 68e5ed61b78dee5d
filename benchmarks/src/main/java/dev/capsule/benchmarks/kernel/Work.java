package dev.capsule.benchmarks.kernel;

import dev.capsule.engine.module.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * What is measured: a kernel, or what an engine does with a module before it runs.
 *
 * @param group kernels or engine
 * @param name as the command line and the report say it
 * @param unit of a round's figure
 * @param size how many times the work is done in a round, or how much of it
 */
record Work(String group, String name, String unit, int size) {
  static final String KERNELS = "kernels";
  static final String ENGINE = "engine";
  private static final double MEGABYTE = 1e6;

  static final List<Work> ALL =
      Stream.concat(
              Kernel.ALL.stream()
                  .map(each -> new Work(KERNELS, each.name(), each.unit(), each.size())),
              Stream.of(
                  new Work(ENGINE, "instantiate", "µs/instance", 1000),
                  new Work(ENGINE, "decode-cpython", "ms", 1),
                  new Work(ENGINE, "validate-cpython", "ms/MB of code", 1),
                  new Work(ENGINE, "compile-cpython", "ms/MB of code", 1)))
          .toList();

  static Optional<Work> named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  /** Whether it works on CPython rather than on a module of ours. */
  boolean needsPython() {
    return name.endsWith("cpython");
  }

  /** Whether an engine differs from the others here: one with the Vector API does in vectors. */
  boolean concerns(KernelEngine engine) {
    return !engine.hasVectors() || name.endsWith("-simd");
  }

  /** Why this engine is not measured: another's figure is its own, or it is too slow. */
  Optional<String> leftOut(KernelEngine engine, boolean quick) {
    if (name.equals("host") && engine.name().equals(KernelEngine.JAVA)) {
      return Optional.of("a call without a sandbox is inlined, and the loop is a constant");
    }
    if (name.equals("decode-cpython")) {
      return switch (engine.name()) {
        case "capsule-tiered" -> Optional.empty();
        case "capsule-jit", "capsule-jit+off", "capsule-interpreter" ->
            Optional.of("its decoder is that of capsule-tiered");
        default -> Optional.of("decodes and validates at once");
      };
    }
    if (!name.equals("compile-cpython")) {
      return Optional.empty();
    }
    return switch (engine.name()) {
      case "capsule-tiered" -> Optional.of("its compiler is that of capsule-jit");
      case "capsule-interpreter" -> Optional.of("compiles nothing");
      case "chicory-compiler" -> Optional.of("too slow for --quick").filter(each -> quick);
      default -> Optional.empty();
    };
  }

  /** The module that it works on. */
  byte[] module(Path python) {
    if (!needsPython()) {
      return Kernel.named(name)
          .map(Kernel::binary)
          .orElseGet(() -> Module.parse(Kernel.resource("instance")).encode());
    }
    try {
      return Files.readAllBytes(python);
    } catch (IOException e) {
      throw new UncheckedIOException(python + ": cannot be read", e);
    }
  }

  /** A round in an engine; it answers what came out. */
  IntSupplier in(WasmEngine engine, byte[] module) {
    return switch (name) {
      case "instantiate" -> {
        IntUnaryOperator instantiator = engine.instantiator(module);
        yield () -> instantiator.applyAsInt(size);
      }
      case "decode-cpython" ->
          () -> {
            engine.decode(module);
            return 1;
          };
      case "validate-cpython" ->
          () -> {
            engine.validate(module);
            return 1;
          };
      case "compile-cpython" ->
          () -> {
            engine.compile(module);
            return 1;
          };
      default -> {
        IntUnaryOperator run = engine.load(module);
        yield () -> run.applyAsInt(size);
      }
    };
  }

  /** A round in plain Java, where there is a twin. */
  Optional<IntSupplier> inJava() {
    return Kernel.named(name).map(each -> () -> each.twin().applyAsInt(size));
  }

  /** The figure of a round on a module of so many megabytes of code. */
  double figure(long nanos, double megabytes) {
    return switch (name) {
      case "instantiate" -> nanos / 1e3 / size;
      case "decode-cpython" -> nanos / 1e6;
      case "validate-cpython", "compile-cpython" -> nanos / 1e6 / megabytes;
      default -> Kernel.named(name).orElseThrow().figure(nanos);
    };
  }

  /** How much code a module has: what its function bodies take, in megabytes. */
  static double megabytes(byte[] module) {
    return Module.decode(module).bodies().stream().mapToInt(each -> each.code().length()).sum()
        / MEGABYTE;
  }
}
