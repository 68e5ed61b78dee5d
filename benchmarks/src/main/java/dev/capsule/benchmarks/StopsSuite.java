package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** How promptly a deadline ends code that would not end by itself. */
final class StopsSuite implements Suite {
  private static final String GROUP = "stops";
  private static final List<String> ENGINES =
      List.of("capsule-tiered", "capsule-jit", "capsule-interpreter");

  @Override
  public List<String> groups() {
    return List.of(GROUP);
  }

  @Override
  public String about() {
    return "how long after its deadline code still runs";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    for (String engine : ENGINES) {
      if (settings.wants(engine)) {
        recorder.say(GROUP + "/" + engine);
        Path directory = settings.directory().toAbsolutePath();
        try {
          MeasuringProcess.run(
                  Jvm.command(StopProcess.class, List.of()),
                  List.of(engine),
                  directory.resolve(GROUP + "-" + engine + ".json"),
                  directory.resolve(GROUP + "-" + engine + ".log"))
              .stream()
              .filter(each -> settings.wantsProgram(each.name()))
              .forEach(recorder::add);
        } catch (BenchmarkException e) {
          recorder.fail(new Omission(GROUP, "all", engine, e.getMessage()));
        }
      }
    }
  }
}
