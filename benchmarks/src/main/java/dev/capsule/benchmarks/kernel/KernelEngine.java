package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.CapsuleVariant;
import java.util.List;
import java.util.Optional;

/**
 * An engine of the comparison.
 *
 * @param name as the report and the command line say it
 * @param peer whether it is another project's: what a peer cannot do is left out of the report
 * @param extra whether it is left out of a quick run
 */
record KernelEngine(String name, boolean peer, boolean extra) {
  static final String V8 = "v8";
  static final String JAVA = "java";

  static final List<KernelEngine> ALL =
      List.of(
          new KernelEngine(V8, true, false),
          new KernelEngine("capsule-tiered", false, false),
          new KernelEngine("capsule-jit", false, false),
          new KernelEngine("capsule-jit+off", false, true),
          new KernelEngine("capsule-jit+" + CapsuleVariant.VECTORS, false, true),
          new KernelEngine("capsule-interpreter", false, true),
          new KernelEngine("chicory-compiler", true, false),
          new KernelEngine("endive-compiler", true, true),
          new KernelEngine("graalwasm", true, true),
          new KernelEngine("chicory-interpreter", true, true),
          new KernelEngine("endive-interpreter", true, true),
          new KernelEngine(JAVA, false, false));

  /** Whether it only interprets. */
  boolean interpreter() {
    return name.contains("interpreter") || name.equals("graalwasm");
  }

  /** Whether its JVM has the module of the Vector API, which no JVM has of itself. */
  boolean hasVectors() {
    return name.endsWith(CapsuleVariant.VECTORS);
  }

  /** Whether it is this project's. */
  boolean isCapsule() {
    return name.startsWith("capsule-");
  }

  /** Whether it is measured in more than one process: what is compared most closely is. */
  boolean isForked() {
    return name.equals(V8) || isCapsule();
  }

  static Optional<KernelEngine> named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  /** The engine itself; V8 and plain Java are none that run in a process of Java. */
  WasmEngine open() {
    return switch (name) {
      case "chicory-interpreter" -> new ChicoryEngine(false);
      case "chicory-compiler" -> new ChicoryEngine(true);
      case "endive-interpreter" -> new EndiveEngine(false);
      case "endive-compiler" -> new EndiveEngine(true);
      case "graalwasm" -> new GraalWasmEngine();
      case V8, JAVA -> throw new IllegalArgumentException(name + " is no engine for the JVM");
      default -> new CapsuleEngine(name);
    };
  }
}
