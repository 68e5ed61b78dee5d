package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionIsThatOfTheBuild() {
    assertEquals(0, run(Main.commandLine("--version"), "--version"));
    assertEquals("capsule " + System.getProperty("capsule.version"), out.toString().strip());
    assertEquals("", err.toString());
  }

  @Test
  void helpNamesEverySubcommand() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().startsWith("Usage: capsule [-hV] COMMAND"), out::toString);
    assertTrue(out.toString().contains("halve  Halves a number."), out::toString);
    assertTrue(out.toString().contains("fail"), out::toString);
  }

  @Test
  void noCommandIsWrongUsage() {
    assertEquals(2, run());
    assertTrue(err.toString().startsWith("Which command?"), err::toString);
  }

  @Test
  void unknownCommandIsWrongUsage() {
    assertEquals(2, run("frobnicate"));
    assertTrue(err.toString().contains("frobnicate"), err::toString);
  }

  @Test
  void subcommandRunsWithItsOptionsAndExitCode() {
    assertEquals(21, run("halve", "--number", "42"));
    assertEquals("", err.toString());
  }

  @Test
  void subcommandHasHelp() {
    assertEquals(0, run("halve", "--help"));
    assertTrue(
        out.toString().contains("Usage: capsule halve [-h] [--number=PARAM]"), out::toString);
  }

  @Test
  void wrongUsageOfASubcommandShowsItsUsage() {
    assertEquals(2, run("halve", "--number", "many"));
    assertTrue(err.toString().contains("'many' is not an int"), err::toString);
    assertTrue(err.toString().contains("Usage: capsule halve"), err::toString);
  }

  @Test
  void wrongUsageThatASubcommandFindsIsReportedLikewise() {
    assertEquals(2, run("halve", "--number", "3"));
    assertTrue(err.toString().startsWith("3 is odd"), err::toString);
    assertTrue(err.toString().contains("Usage: capsule halve"), err::toString);
  }

  @Test
  void unexpectedFailureIsOneLineAndNoStackTrace() {
    assertEquals(3, run("fail"));
    assertTrue(err.toString().startsWith("capsule: java.lang.IllegalStateException: oh"));
    assertFalse(err.toString().contains("\tat "), err::toString);
  }

  @Test
  void onlyTheSubcommandThatIsRunIsMade() {
    CommandLine line =
        Main.commandLine(
            List.of(
                new Main.Entry("halve", Halve::new),
                new Main.Entry(
                    "other",
                    () -> {
                      throw new AssertionError("not asked for");
                    })),
            "halve",
            "--number",
            "2");
    assertEquals(1, run(line, "halve", "--number", "2"));
  }

  private int run(String... args) {
    List<Main.Entry> subcommands =
        List.of(new Main.Entry("halve", Halve::new), new Main.Entry("fail", Fail::new));
    return run(Main.commandLine(subcommands, args), args);
  }

  private int run(CommandLine line, String... args) {
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
  }

  private static final class Halve implements Subcommand {
    private final OptionSpec number = OptionSpec.builder("--number").type(int.class).build();

    @Override
    public void describe(CommandSpec spec) {
      spec.usageMessage().description("Halves a number.");
      spec.addOption(number);
    }

    @Override
    public int run(ParseResult arguments) {
      int value = number.getValue();
      if (value % 2 != 0) {
        throw new ParameterException(arguments.commandSpec().commandLine(), value + " is odd");
      }
      return value / 2;
    }
  }

  private static final class Fail implements Subcommand {
    @Override
    public void describe(CommandSpec spec) {}

    @Override
    public int run(ParseResult arguments) {
      throw new IllegalStateException("oh");
    }
  }
}
