package dev.capsule.benchmarks;

import java.util.List;

/**
 * An engine of the comparison.
 *
 * @param name as the report and the command line say it
 * @param share how many of the rounds it runs, one in so many; slow engines run fewer
 */
record EngineUnderTest(String name, int share) {
  /** The engine that the others are compared with, in a process of node. */
  static final String V8 = "v8";

  static final List<EngineUnderTest> ALL =
      List.of(
          new EngineUnderTest(V8, 1),
          new EngineUnderTest("interpreter-exact", 5),
          new EngineUnderTest("tiered-exact", 1),
          new EngineUnderTest("jit-exact", 1),
          new EngineUnderTest("jit-epoch", 1),
          new EngineUnderTest("jit-off", 1),
          new EngineUnderTest("chicory-interpreter", 30),
          new EngineUnderTest("chicory-compiler", 5),
          new EngineUnderTest("endive-interpreter", 30),
          new EngineUnderTest("endive-compiler", 5));

  /** Whether this is another project's engine for the JVM. */
  boolean isPeer() {
    return name.startsWith("chicory") || name.startsWith("endive");
  }

  boolean takesPart(int round) {
    return round % share == 0;
  }
}
