package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.BenchmarkException;
import dev.capsule.benchmarks.Omission;
import dev.capsule.benchmarks.Recorder;
import dev.capsule.benchmarks.Settings;
import dev.capsule.benchmarks.Suite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernels, and what engines do with a module before it runs: a contest for every work. */
public final class KernelSuite implements Suite {
  @Override
  public List<String> groups() {
    return List.of(Work.KERNELS, Work.ENGINE);
  }

  @Override
  public String about() {
    return "kernels of one idea each; what engines do with a module before it runs";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    try {
      Path scratch = Files.createTempDirectory("capsule-kernels");
      Path v8 = scratch.resolve("v8.mjs");
      Path module = scratch.resolve("module.wasm");
      try (InputStream in = KernelSuite.class.getResourceAsStream("v8.mjs")) {
        Files.copy(in, v8);
        for (Work work : Work.ALL) {
          if (settings.groups().contains(work.group()) && settings.wantsProgram(work.name())) {
            run(work, settings, recorder, scratch);
          }
        }
      } finally {
        Files.deleteIfExists(v8);
        Files.deleteIfExists(module);
        Files.delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Work work, Settings settings, Recorder recorder, Path scratch)
      throws IOException {
    if (work.needsPython() && !Files.isRegularFile(settings.python())) {
      recorder.omit(new Omission(work.group(), work.name(), "all", "no file " + settings.python()));
      return;
    }
    byte[] module = work.module(settings.python());
    Files.write(scratch.resolve("module.wasm"), module);
    try {
      new Contest(work, Work.megabytes(module), settings, scratch).run(recorder);
    } catch (BenchmarkException e) {
      recorder.fail(new Omission(work.group(), work.name(), "all", e.getMessage()));
    }
  }
}
