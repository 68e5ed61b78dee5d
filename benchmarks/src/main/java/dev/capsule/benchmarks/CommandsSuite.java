package dev.capsule.benchmarks;

import dev.capsule.engine.module.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Whole commands, from the start of the process to its end. */
final class CommandsSuite implements Suite {
  private static final String GROUP = "commands";
  private static final int SECONDS = 120;

  /** Folders with the same programs; the caches of the first are emptied before every run. */
  private static final String COLD = "cold";

  private static final String WARM = "warm";

  /** What a command must have printed. */
  private static final String HELLO = "hello";

  /**
   * A command that does a piece of work.
   *
   * @param name the work
   * @param engine who does it
   * @param cold whether all caches are emptied before
   */
  private record Contender(String name, String engine, boolean cold, List<String> command) {}

  @Override
  public List<String> groups() {
    return List.of(GROUP);
  }

  @Override
  public String about() {
    return "capsule run and capsule exec as commands, with empty and with filled caches";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    if (!Files.isExecutable(settings.capsule())) {
      recorder.omit(new Omission(GROUP, "all", "capsule", "there is no " + settings.capsule()));
      return;
    }
    Path directory = settings.directory().toAbsolutePath().resolve("commands");
    List<Contender> order = new ArrayList<>(contenders(settings, recorder, directory));
    order.removeIf(each -> !settings.wants(each.engine()) || !settings.wantsProgram(each.name()));
    Map<Contender, List<Double>> samples = new LinkedHashMap<>();
    order.forEach(each -> samples.put(each, new ArrayList<>()));
    // Once unmeasured: the launcher may have to build, and the warm ones need their caches.
    for (Contender each : List.copyOf(order)) {
      if (!each.cold()) {
        attempt(each, directory, recorder, order);
      }
    }
    for (int round = 0; round < settings.rounds(2, 7); round++) {
      for (Contender each : List.copyOf(order)) {
        attempt(each, directory, recorder, order).ifPresent(samples.get(each)::add);
      }
      Collections.reverse(order);
    }
    samples.keySet().retainAll(order);
    samples.forEach(
        (each, millis) ->
            recorder.add(
                new Measurement(GROUP, each.name(), each.engine(), "ms", millis, 0, HELLO)));
  }

  /** Runs a command once; one that fails takes no further part. */
  private static OptionalDouble attempt(
      Contender one, Path directory, Recorder recorder, List<Contender> order) {
    try {
      return OptionalDouble.of(time(one, directory));
    } catch (BenchmarkException e) {
      recorder.fail(new Omission(GROUP, one.name(), one.engine(), e.getMessage()));
      order.remove(one);
      return OptionalDouble.empty();
    }
  }

  private static List<Contender> contenders(Settings settings, Recorder recorder, Path directory) {
    for (String folder : List.of(COLD, WARM)) {
      Resources.copy("hello.py", directory.resolve(folder));
      Resources.copy("hello.js", directory.resolve(folder));
      assemble(directory.resolve(folder));
    }
    String runner = Resources.copy("command.mjs", directory).toString();
    String python = settings.python().toAbsolutePath().toString();
    String capsule = settings.capsule().toAbsolutePath().toString();
    List<Contender> all = new ArrayList<>();
    both(all, "run hello.py", List.of(capsule, "run", "hello.py"));
    both(all, "run hello.js", List.of(capsule, "run", "hello.js"));
    both(all, "exec hello.wasm", List.of(capsule, "exec", "hello.wasm"));
    String print = "print('" + HELLO + "')";
    boolean hasPython = Files.isRegularFile(settings.python());
    if (hasPython) {
      both(all, "exec python.wasm", List.of(capsule, "exec", python, "--", "-c", print));
    } else {
      recorder.omit(new Omission(GROUP, "exec python.wasm", "all", "there is no " + python));
    }
    if (Machine.node().isEmpty()) {
      recorder.omit(new Omission(GROUP, "all", "v8", "there is no node on the PATH"));
      return all;
    }
    List<String> node = List.of("node", "--no-warnings", runner);
    all.add(new Contender("exec hello.wasm", "v8", false, with(node, "hello.wasm")));
    if (hasPython) {
      all.add(new Contender("exec python.wasm", "v8", false, with(node, python, "-c", print)));
    }
    List<String> plain = List.of("node", "-e", "console.log('" + HELLO + "')");
    all.add(new Contender("run hello.js", "node", false, plain));
    return all;
  }

  private static void both(List<Contender> all, String name, List<String> command) {
    all.add(new Contender(name, "capsule-cold", true, command));
    all.add(new Contender(name, "capsule-warm", false, command));
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static void assemble(Path directory) {
    try {
      Path text = Resources.copy("hello.wat", directory);
      Files.write(directory.resolve("hello.wasm"), Module.parse(Files.readString(text)).encode());
    } catch (IOException e) {
      throw new UncheckedIOException("hello.wasm", e);
    }
  }

  private static double time(Contender contender, Path base) {
    Path directory = base.resolve(contender.cold() ? COLD : WARM);
    Path cache = directory.resolve("cache");
    if (contender.cold()) {
      delete(cache);
      delete(directory.resolve(".capsule"));
    }
    try {
      Files.createDirectories(cache);
      ProcessBuilder builder =
          new ProcessBuilder(contender.command())
              .directory(directory.toFile())
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(base.resolve("commands.log").toFile()));
      builder.environment().put("XDG_CACHE_HOME", cache.toString());
      long start = System.nanoTime();
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes()).strip();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new BenchmarkException(contender.command() + " did not end");
      }
      double millis = (System.nanoTime() - start) / 1e6;
      if (process.exitValue() != 0 || !printed.equals(HELLO)) {
        throw new BenchmarkException(
            "%s printed \"%s\" and ended with %d"
                .formatted(contender.command(), printed, process.exitValue()));
      }
      return millis;
    } catch (IOException e) {
      throw new UncheckedIOException(contender.command() + " did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted");
    }
  }

  private static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (var files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(tree + ": cannot be deleted", e);
    }
  }
}
