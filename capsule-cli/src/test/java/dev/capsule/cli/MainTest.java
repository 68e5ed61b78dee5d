package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionIsOneLine() {
    assertEquals(0, run("--version"));
    assertEquals("capsule 0.1.0", out.toString().strip());
    assertEquals("", err.toString());
  }

  @Test
  void helpNamesEverySubcommand() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().startsWith("Usage: capsule"), out::toString);
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      assertTrue(out.toString().contains("\n  " + name), name);
    }
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

  private int run(String... args) {
    CommandLine line = Main.commandLine(args);
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
  }
}
