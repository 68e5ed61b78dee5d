package dev.capsule.benchmarks;

/** An engine has ended, refuses, or does not answer in time. */
public final class NoAnswerException extends BenchmarkException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message) {
    super(message);
  }
}
