package dev.capsule.benchmarks;

/** A comparison that cannot go on: an engine failed, or engines disagree. */
final class BenchmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchmarkException(String message) {
    super(message);
  }
}
