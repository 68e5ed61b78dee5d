package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.MeasurementFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs JMH with its own command line, and writes what it measured as measurements. */
public final class JmhRun {
  private JmhRun() {}

  /** Arguments: the file to write, and then those of JMH. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
    Collection<RunResult> results = new Runner(new CommandLineOptions(rest)).run();
    List<Measurement> measurements = results.stream().map(JmhRun::measurement).toList();
    MeasurementFile.of(measurements).write(Path.of(arguments[0]));
  }

  /** The iterations of all forks, each in the unit of its work; JMH has left out the warm-up. */
  private static Measurement measurement(RunResult result) {
    Work work = Work.named(result.getParams().getParam("work")).orElseThrow();
    byte[] module = work.module(Path.of(result.getParams().getParam("python")));
    double megabytes = Work.megabytes(module);
    List<Double> samples = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult each : fork.getIterationResults()) {
        long nanos = Math.round(each.getPrimaryResult().getScore());
        samples.add(work.figure(nanos, megabytes));
      }
    }
    return new Measurement(
        "jmh",
        work.name(),
        result.getParams().getParam("engine"),
        work.unit(),
        samples,
        0,
        "checked");
  }
}
