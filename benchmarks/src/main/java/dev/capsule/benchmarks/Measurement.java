package dev.capsule.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one engine needed for one piece of work.
 *
 * @param group what kind of work: kernels, engine, programs, tasks, ...
 * @param name the work, as the command line says it
 * @param engine who did it, such as {@code capsule-jit} or {@code v8}
 * @param unit of the samples: ms, ns/call, MB, ...; less is better
 * @param samples all of them, in the order in which they were taken
 * @param warmup how many of the first samples were taken while the engine was warming up
 * @param result what was computed; the same in all engines
 */
public record Measurement(
    String group,
    String name,
    String engine,
    String unit,
    List<Double> samples,
    int warmup,
    String result) {
  /** Checks that something is left after the warm-up. */
  public Measurement {
    samples = List.copyOf(samples);
    if (warmup < 0 || warmup >= samples.size()) {
      throw new IllegalArgumentException(
          "%d of the %d samples of %s in %s are warm-up"
              .formatted(warmup, samples.size(), name, engine));
    }
  }

  /**
   * With the warm samples of another process, whose warm-up is left out.
   *
   * @throws BenchmarkException when it computed something else
   */
  public Measurement and(Measurement later) {
    if (!result.equals(later.result)) {
      throw new BenchmarkException(
          "%s: %s computed %s, and in another process %s"
              .formatted(name, engine, result, later.result));
    }
    List<Double> both = new ArrayList<>(samples);
    both.addAll(later.warm());
    return new Measurement(group, name, engine, unit, both, warmup, result);
  }

  /** The samples after the warm-up, in order. */
  public List<Double> warm() {
    return samples.subList(warmup, samples.size());
  }

  /** The least of the samples after the warm-up. */
  public double best() {
    return Collections.min(warm());
  }

  /** The median of the samples after the warm-up: the upper one of two. */
  public double median() {
    return warm().stream().sorted().toList().get(warm().size() / 2);
  }

  /** The greatest of the samples after the warm-up. */
  public double worst() {
    return Collections.max(warm());
  }
}
