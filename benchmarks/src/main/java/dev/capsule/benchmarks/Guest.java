package dev.capsule.benchmarks;

/** A guest interpreter that was started in some engine, with the programs loaded. */
interface Guest {
  /** Runs a program once and answers its checksum. */
  double run(String program);
}
