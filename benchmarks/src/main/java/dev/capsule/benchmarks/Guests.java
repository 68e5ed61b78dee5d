package dev.capsule.benchmarks;

/** A guest interpreter's module in some engine, ready to be instantiated. */
interface Guests {
  /** A new instance of QuickJS. */
  QuickJs quickJs();

  /**
   * Runs Python's {@code _start} in a new instance, over the process's own streams.
   *
   * @return its exit code
   */
  int python(String... arguments);
}
