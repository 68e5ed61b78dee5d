package dev.capsule.benchmarks;

import java.util.List;

/** A part of a run that can be asked for alone: {@code ./capsule-bench --groups NAME,NAME}. */
public interface Suite {
  /** The groups of its measurements, as the command line says them. */
  List<String> groups();

  /** What it measures, in a line for {@code --help}. */
  String about();

  /**
   * Takes the measurements of one group. What cannot be measured is recorded as an {@link
   * Omission}; an engine of this project that fails, as a failure.
   *
   * @param settings its only group is the one to measure
   * @throws BenchmarkException when results differ
   */
  void run(Settings settings, Recorder recorder);
}
