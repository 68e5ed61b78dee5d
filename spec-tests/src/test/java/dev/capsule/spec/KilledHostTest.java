package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that dies without a word leaves a record that can be read and is true. */
@Timeout(1200)
class KilledHostTest {
  private static final int RUNNING = 100;
  private static final int PYTHON = 4;

  @TempDir private Path project;
  private CapsuleCommand capsule;

  @BeforeEach
  void makeProject() throws IOException {
    capsule = new CapsuleCommand(project);
    Files.writeString(project.resolve("capsule.toml"), "");
    Files.writeString(project.resolve("quick.mjs"), "export const main = () => 1;");
    for (String name : new String[] {"endless.mjs", "last.mjs"}) {
      Files.writeString(
          project.resolve(name),
          "export const main = () => new Promise((wake) => setTimeout(wake, 1e9));");
    }
    Files.writeString(
        project.resolve("endless.py"), "import time\n\ndef main():\n    time.sleep(1e6)\n");
  }

  @Test
  void inTheMiddleOfAHundredTasks() throws Exception {
    Process worker =
        capsule
            .process("worker", "--parallel", String.valueOf(RUNNING + 1))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Process follower =
        capsule
            .process("trace", "--follow", "--json", "--state", "running", "--last", "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream requests = worker.getOutputStream();
        BufferedReader states =
            new BufferedReader(
                new InputStreamReader(follower.getInputStream(), StandardCharsets.UTF_8))) {
      requests.write(requests("endless.py", 0, PYTHON).getBytes(StandardCharsets.UTF_8));
      requests.write(requests("endless.mjs", PYTHON, RUNNING).getBytes(StandardCharsets.UTF_8));
      requests.flush();
      awaitRunning(states, RUNNING);
      // More, so that the record is being written when the end comes; and one that is seen to run
      // also by a follower that is too slow for these.
      requests.write(requests("quick.mjs", RUNNING, 10 * RUNNING).getBytes(StandardCharsets.UTF_8));
      requests.write(
          requests("last.mjs", 10 * RUNNING, 10 * RUNNING + 1).getBytes(StandardCharsets.UTF_8));
      requests.flush();
      awaitRunning(states, 1);
    } finally {
      worker.destroyForcibly().waitFor();
      follower.destroyForcibly().waitFor();
    }

    List<JsonObject> entries = trace();
    List<String> endless = states(entries, "endless.");
    assertEquals(RUNNING, endless.size());
    assertEquals(Set.of("interrupted"), new HashSet<>(endless));
    assertTrue(
        Set.of("completed", "interrupted").containsAll(states(entries, "quick.")),
        () -> "each has ended one way or the other: " + states(entries, "quick."));

    CapsuleCommand.Outcome next = capsule.run("run", "--json", "quick.mjs");
    assertEquals(0, next.exitCode(), next::err);
    assertEquals(entries.size() + 1, trace().size());
  }

  private static String requests(String file, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"" + i + "\",\"file\":\"" + file + "\"}\n")
        .collect(Collectors.joining());
  }

  /** Reads until so many attempts have been seen to run. */
  private static void awaitRunning(BufferedReader states, int count) throws IOException {
    Set<String> ids = new HashSet<>();
    while (ids.size() < count) {
      String line = states.readLine();
      assertTrue(line != null, "trace --follow has ended");
      ids.add(JsonParser.parseString(line).getAsJsonObject().get("id").getAsString());
    }
  }

  private List<JsonObject> trace() throws IOException, InterruptedException {
    CapsuleCommand.Outcome outcome = capsule.run("trace", "--json", "--last", "0");
    assertEquals(0, outcome.exitCode(), outcome::err);
    assertEquals("", outcome.err());
    return outcome
        .out()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private static List<String> states(List<JsonObject> entries, String program) {
    return entries.stream()
        .filter(entry -> entry.get("program").getAsString().startsWith(program))
        .map(entry -> entry.get("state").getAsString())
        .toList();
  }
}
