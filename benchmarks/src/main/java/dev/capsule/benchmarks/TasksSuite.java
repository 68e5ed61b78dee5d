package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tasks inside one JVM: start, throughput, fan-out, and the memory of sandboxes that wait. */
final class TasksSuite implements Suite {
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
    // A new program's first CPython takes its time.
    boolean slow = settings.quick() && language == GuestLanguage.PYTHON;
    List<String> arguments =
        List.of(
            group,
            language.name(),
            program.toString(),
            settings.quick() ? "40" : "100",
            slow ? "100" : "1000");
    return MeasuringProcess.run(
        Jvm.command(TaskProcess.class, List.of()),
        arguments,
        file,
        directory.resolve("tasks-" + language.id() + ".log"));
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
