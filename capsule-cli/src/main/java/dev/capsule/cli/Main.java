package dev.capsule.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code capsule} command. Does nothing itself: each sub-command is a class of this package.
 */
@Command(
    name = "capsule",
    version = "capsule 0.1.0",
    mixinStandardHelpOptions = true,
    description = "Runs WebAssembly, and Python and JavaScript tasks, in a sandbox.",
    synopsisSubcommandLabel = "COMMAND")
final class Main implements Runnable {

  /** Exit code for what prevented the run, when it is neither the task's fault nor wrong usage. */
  static final int CANNOT_RUN = 3;

  /** Every sub-command, in the order in which the help lists them. */
  private static final List<Subcommand> SUBCOMMANDS = List.of();

  @Spec private CommandSpec spec;

  private Main() {}

  /** A sub-command's name, equal to that of its {@code @Command}, and how to make it. */
  private record Subcommand(String name, Supplier<Runnable> make) {}

  /**
   * The command line, ready to execute these arguments. It knows only the sub-command that they
   * start with, or all where they start with none: reading the annotations of one costs
   * milliseconds.
   */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Main());
    List<Subcommand> wanted =
        SUBCOMMANDS.stream()
            .filter(known -> args.length > 0 && known.name.equals(args[0]))
            .toList();
    for (Subcommand subcommand : wanted.isEmpty() ? SUBCOMMANDS : wanted) {
      line.addSubcommand(subcommand.name, subcommand.make.get());
    }
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
    return line;
  }

  private static int report(Exception failure, CommandLine command) {
    command.getErr().println("capsule: " + failure);
    if (System.getenv("CAPSULE_DEBUG") == null) {
      command.getErr().println("With CAPSULE_DEBUG=1 in the environment, this shows where.");
    } else {
      failure.printStackTrace(command.getErr());
    }
    return CANNOT_RUN;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See capsule --help.");
  }

  /** Runs the command and exits with its code; 2 stands for wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }
}
