package dev.capsule.benchmarks;

/** A guest program that was started in some engine and waits for work. */
interface Guest {
  /** Evaluates the script once and answers its number. */
  double round();
}
