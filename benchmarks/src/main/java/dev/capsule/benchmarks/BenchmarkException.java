package dev.capsule.benchmarks;

/** A comparison that cannot go on: an engine failed, engines disagree, or a file is not there. */
public class BenchmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BenchmarkException(String message) {
    super(message);
  }
}
