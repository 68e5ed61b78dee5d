package dev.capsule.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A sub-command of {@code capsule}: says what it accepts and does it. It is described by picocli's
 * builders and not by its annotations, whose reflection costs half of a short command's time.
 */
interface Subcommand {

  /** Adds what it accepts: description, options, parameters. Its name and --help are there. */
  void describe(CommandSpec spec);

  /**
   * Does it and returns the exit code. A {@link picocli.CommandLine.ParameterException} reports
   * wrong usage that the description does not catch.
   */
  int run(ParseResult arguments);
}
