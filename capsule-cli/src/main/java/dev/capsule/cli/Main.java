package dev.capsule.cli;

import java.util.List;
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

  /** Every sub-command, in the order in which the help lists them. */
  private static final List<Class<?>> COMMANDS = List.of();

  @Spec private CommandSpec spec;

  private Main() {}

  /** The whole command line, with its sub-commands, ready to execute. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    COMMANDS.forEach(line::addSubcommand);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See capsule --help.");
  }

  /** Runs the command and exits with its code; 2 stands for wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
