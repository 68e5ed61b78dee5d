package dev.capsule.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tasks inside one JVM: start, throughput, fan-out, and the memory of sandboxes that wait. */
final class TasksSuite implements Suite {
  private static final int MINUTES = 4;

  @Override
  public List<String> groups() {
    return List.of("tasks", "memory");
  }

  @Override
  public String about() {
    return "tasks in one JVM: start, 1,000 small ones, fan-out; memory of live sandboxes";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    for (String group : settings.groups()) {
      for (GuestLanguage language : GuestLanguage.values()) {
        if (settings.wantsProgram(language.id())) {
          run(group, language, settings, recorder);
        }
      }
    }
  }

  private static void run(
      String group, GuestLanguage language, Settings settings, Recorder recorder) {
    List<Measurement> all = new ArrayList<>();
    recorder.say(group + "/" + language.id());
    try {
      for (int fork = 0; fork < settings.forks(1, 2); fork++) {
        merge(all, fork(group, settings, language));
      }
    } catch (BenchmarkException e) {
      recorder.fail(new Omission(group, language.id(), "capsule", e.getMessage()));
    }
    all.forEach(recorder::add);
  }

  private static List<Measurement> fork(String group, Settings settings, GuestLanguage language) {
    Path directory = settings.directory().toAbsolutePath();
    Path program =
        Resources.copy(
            language == GuestLanguage.PYTHON ? "tasks.py" : "tasks.js",
            directory.resolve("tasks-" + language.id()));
    Path file = directory.resolve(group + "-" + language.id() + ".json");
    List<String> command = new ArrayList<>(Jvm.command(TaskProcess.class, List.of()));
    command.add(group);
    command.add(language.name());
    command.add(program.toString());
    // A new CPython for every task takes its time.
    boolean slow = settings.quick() && language == GuestLanguage.PYTHON;
    command.add(settings.quick() ? "40" : "100");
    command.add(slow ? "100" : "1000");
    command.add(file.toString());
    Path log = directory.resolve("tasks-" + language.id() + ".log");
    try {
      Files.deleteIfExists(file);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new BenchmarkException("the tasks have not ended after " + MINUTES + " min");
      }
      if (process.exitValue() != 0 || !Files.exists(file)) {
        throw new BenchmarkException("the tasks failed: see " + log);
      }
      return MeasurementFile.read(file).measurements();
    } catch (IOException e) {
      throw new UncheckedIOException("tasks: " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted");
    }
  }

  /** Appends the warm samples of a later fork to those of the first. */
  private static void merge(List<Measurement> all, List<Measurement> fork) {
    if (all.isEmpty()) {
      all.addAll(fork);
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      all.set(i, all.get(i).and(fork.get(i)));
    }
  }
}
