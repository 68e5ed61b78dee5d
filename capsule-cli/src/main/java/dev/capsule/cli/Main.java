package dev.capsule.cli;

import dev.capsule.task.Capsule;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The {@code capsule} command. Does nothing itself: each sub-command is a class of this package.
 */
final class Main {

  /** Exit code for what prevented the run, when it is neither the task's fault nor wrong usage. */
  static final int CANNOT_RUN = 3;

  /** Every sub-command, in the order in which the help lists them. */
  private static final List<Entry> SUBCOMMANDS =
      List.of(
          new Entry("run", () -> new RunCommand(Streams.system(), Capsule::builder)),
          new Entry("eval", () -> new EvalCommand(Streams.system(), Capsule::builder)),
          new Entry("build", () -> new BuildCommand(Streams.system(), Capsule::builder)),
          new Entry("explain", () -> new ExplainCommand(Streams.system(), Capsule::builder)),
          new Entry("worker", () -> new WorkerCommand(Streams.system(), Capsule::builder)),
          new Entry("trace", () -> new TraceCommand(Streams.system())),
          new Entry("cache", () -> new CacheCommand(Streams.system())),
          new Entry("exec", ExecCommand::new),
          new Entry("wast", WastCommand::new),
          new Entry("wat2wasm", Wat2WasmCommand::new),
          new Entry("wasm2wat", Wasm2WatCommand::new),
          new Entry("validate", ValidateCommand::new));

  private Main() {}

  /** A sub-command's name and how to make it. */
  record Entry(String name, Supplier<Subcommand> make) {}

  /** Runs the command and exits with its code; 2 stands for wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  /** The command line, ready to execute these arguments. */
  static CommandLine commandLine(String... args) {
    return commandLine(SUBCOMMANDS, args);
  }

  /**
   * The command line over these sub-commands. It describes only the one that the arguments start
   * with, or all where they start with none: one that is not described is not loaded either.
   */
  static CommandLine commandLine(List<Entry> subcommands, String... args) {
    CommandSpec spec = spec("capsule", Main.class);
    spec.version("capsule 0.1.0")
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version and exit.")
                .build());
    spec.usageMessage()
        .description("Runs WebAssembly, and Python and JavaScript tasks, in a sandbox.")
        .synopsisSubcommandLabel("COMMAND");
    List<Entry> wanted =
        subcommands.stream()
            .filter(entry -> args.length > 0 && entry.name.equals(args[0]))
            .toList();
    for (Entry entry : wanted.isEmpty() ? subcommands : wanted) {
      Subcommand subcommand = entry.make.get();
      CommandSpec described = spec(entry.name, subcommand);
      subcommand.describe(described);
      spec.addSubcommand(entry.name, described);
    }
    // Arguments belong to the guest: "@file" is not ours to replace by a file's content.
    return new CommandLine(spec).setExpandAtFiles(false).setExecutionStrategy(Main::execute);
  }

  private static CommandSpec spec(String name, Object command) {
    return CommandSpec.wrapWithoutInspection(command)
        .name(name)
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help and exit.")
                .build());
  }

  private static int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    if (!parsed.hasSubcommand()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "Which command? See capsule --help.");
    }
    ParseResult arguments = parsed.subcommand();
    try {
      return ((Subcommand) arguments.commandSpec().userObject()).run(arguments);
    } catch (ParameterException usage) {
      throw usage;
    } catch (RuntimeException failure) {
      return report(failure, parsed.commandSpec().commandLine().getErr());
    }
  }

  /** What no command expects to fail with is a fault of ours: the trace is for who looks for it. */
  private static int report(RuntimeException failure, PrintWriter err) {
    if (System.getenv("CAPSULE_DEBUG") == null) {
      err.println("capsule: " + failure);
      err.println("Set CAPSULE_DEBUG=1 to see where this comes from.");
    } else {
      failure.printStackTrace(err);
    }
    return CANNOT_RUN;
  }
}
