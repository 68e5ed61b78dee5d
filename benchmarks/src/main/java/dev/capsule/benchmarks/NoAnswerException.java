package dev.capsule.benchmarks;

/** An engine has ended, or does not answer in time. */
final class NoAnswerException extends BenchmarkException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message) {
    super(message);
  }
}
