package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands over modules and scripts: wast, wat2wasm, wasm2wat, validate. */
class ModuleCommandsTest {
  private static final String PASSING =
      """
      (module (func (export "f") (result i32) (i32.const 7)))
      (assert_return (invoke "f") (i32.const 7))
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.commandLine(args)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private String file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  @Test
  void wastCountsAssertionsModulesAndActions() throws IOException {
    String script = file("a.wast", PASSING + "(invoke \"f\") (register \"m\")");
    assertEquals(0, run("wast", "--engine", "interpreter", script));
    assertEquals("3 passed, 0 failed, 0 skipped\n", out.toString());
  }

  @Test
  void wastNamesWhatFails() throws IOException {
    String script = file("a.wast", PASSING + "(assert_return (invoke \"f\") (i32.const 8))\n");
    assertEquals(1, run("wast", "--engine", "interpreter", script));
    assertEquals(
        script
            + ":3: f gave (i32.const 7), expected (i32.const 8)\n"
            + "2 passed, 1 failed, 0 skipped\n",
        out.toString());
  }

  @Test
  void wastWalksFoldersButForProposalsThatAreNotSupported() throws IOException {
    file("a/b/c.wast", PASSING);
    file("a/proposals/custom-descriptors/d.wast", "(nonsense)");
    file("a/other.txt", "(nonsense)");
    assertEquals(0, run("wast", "--engine", "interpreter", folder.resolve("a").toString()));
    String said = out.toString();
    assertTrue(said.contains("custom-descriptors: left out"), said);
    assertTrue(said.endsWith("2 passed, 0 failed, 0 skipped\n"), said);
  }

  @Test
  void wastGivesJson() throws IOException {
    String script = file("a.wast", "\n(module (func (foo)))");
    assertEquals(1, run("wast", "--engine", "interpreter", "--json", script));
    JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(1, report.get("failed").getAsInt());
    JsonObject failure =
        report
            .getAsJsonArray("files")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("failures")
            .get(0)
            .getAsJsonObject();
    assertEquals(2, failure.get("line").getAsInt());
    assertEquals("2:16: unknown operator foo", failure.get("reason").getAsString());
  }

  @Test
  void wastKnowsItsEngines() throws IOException {
    assertEquals(2, run("wast", "--engine", "steam", file("a.wast", PASSING)));
    assertTrue(err.toString().contains("interpreter, jit or tiered"), err::toString);
  }

  @Test
  void missingScriptIsAFailure() {
    assertEquals(1, run("wast", folder.resolve("none.wast").toString()));
    assertTrue(err.toString().contains("none.wast: no such file"), err::toString);
  }

  @Test
  void textToBinaryAndBack() throws IOException {
    String text = file("m.wat", "(func $f (export \"f\"))");
    assertEquals(0, run("wat2wasm", text), err::toString);
    String binary = folder.resolve("m.wasm").toString();
    assertEquals(0, run("validate", binary, text), err::toString);
    assertEquals(0, run("wasm2wat", binary));
    assertEquals(
        """
        (module
          (type (;0;) (func))
          (func $f (;0;) (type 0))
          (export "f" (func $f)))
        """,
        out.toString());
    String copy = folder.resolve("copy.wat").toString();
    assertEquals(0, run("wasm2wat", binary, "-o", copy));
    assertEquals(out.toString(), Files.readString(Path.of(copy)));
  }

  @Test
  void validateSaysWhatIsWrongWithEachFile() throws IOException {
    String invalid = file("invalid.wat", "(func (result i32))");
    String malformed = file("malformed.wat", "(func");
    assertEquals(1, run("validate", invalid, malformed));
    assertTrue(err.toString().contains("invalid.wat: type mismatch"), err::toString);
    assertTrue(err.toString().contains("malformed.wat: 1:6: unexpected token"), err::toString);
  }
}
