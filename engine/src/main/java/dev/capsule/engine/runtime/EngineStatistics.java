package dev.capsule.engine.runtime;

import java.time.Duration;
import java.util.List;

/**
 * How an engine's functions run, and what it took to get there.
 *
 * @param interpreted functions of living modules that have been called and are not compiled
 * @param compiled functions that were ever compiled, those from the code cache included
 * @param cached functions of these that came out of the code cache
 * @param waiting functions that wait for a background thread
 * @param failed functions that could not be compiled and are interpreted for good: an error of this
 *     engine
 * @param failures which functions these are and why, the first {@value #MAX_FAILURES} of them
 * @param classes classes of compiled code; of a function that is compiled ahead the JVM gets them
 *     when it is called
 * @param classBytes bytes of their class files
 * @param compileTime what it took to generate, load and define them, over all threads
 */
public record EngineStatistics(
    int interpreted,
    int compiled,
    int cached,
    int waiting,
    int failed,
    List<String> failures,
    int classes,
    long classBytes,
    Duration compileTime) {
  /** How many reasons of failures are kept. */
  public static final int MAX_FAILURES = 100;

  public EngineStatistics {
    failures = List.copyOf(failures);
  }

  /** Of an engine that compiles nothing. */
  public static EngineStatistics interpreting(int functions) {
    return new EngineStatistics(functions, 0, 0, 0, 0, List.of(), 0, 0, Duration.ZERO);
  }
}
