package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code capsule worker} with clients that start and drive it as the SDKs of the original do:
 * nothing is lost, nothing hangs, nothing runs twice.
 */
@Timeout(600)
class WorkerClientsTest {
  @TempDir private Path project;

  @ParameterizedTest
  @CsvSource({"python3, client.py, RuntimeError", "node, client.mjs, Error"})
  void everyCallHasItsAnswer(String interpreter, String client, String error) throws Exception {
    new CapsuleCommand(project);
    Assumptions.assumeTrue(isInstalled(interpreter), interpreter + " is missing");
    for (String file : new String[] {client, "tasks.py", "tasks.mjs"}) {
      try (InputStream in = WorkerClientsTest.class.getResourceAsStream("/worker/" + file)) {
        Files.copy(in, project.resolve(file));
      }
    }
    Files.writeString(project.resolve("capsule.toml"), "");
    Files.writeString(Files.createDirectory(project.resolve("out")).resolve("note.txt"), "hi");
    Process process =
        new ProcessBuilder(
                interpreter, client, CapsuleCommand.file().toString(), project.toString())
            .directory(project.toFile())
            .start();
    CapsuleCommand.Outcome outcome = CapsuleCommand.outcome(process);
    assertEquals(0, outcome.exitCode(), outcome::err);

    JsonObject report = JsonParser.parseString(outcome.out()).getAsJsonObject();
    JsonArray interleaved = report.remove("interleaved").getAsJsonArray();
    assertEquals(20, interleaved.size());
    for (int i = 0; i < 20; i++) {
      assertEquals("[\"" + i + "\"]", interleaved.get(i).toString());
    }
    String missing = report.remove("missing").getAsString();
    assertTrue(missing.startsWith(error + ": Execution failed: Cannot resolve"), missing);
    String numbers = report.remove("numbers").getAsString();
    assertTrue(numbers.startsWith(error + ": "), numbers);
    assertTrue(numbers.contains("\"args\" has to be a list of texts"), numbers);
    assertEquals(
        JsonParser.parseString(
            """
            {"large": 10485760, "printed": "printed", "doubled": 42, "raised": "boom",
             "mounted": "hi", "exit code": 0, "answers to nobody": 2, "unanswered": 0}
            """),
        report);
  }

  private static boolean isInstalled(String interpreter) throws InterruptedException {
    try {
      return new ProcessBuilder(interpreter, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
