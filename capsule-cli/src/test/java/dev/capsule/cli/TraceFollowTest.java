package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.task.FakeRuntime;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.TaskCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code capsule trace --follow} in one thread, runs in another. */
@Timeout(600)
class TraceFollowTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private CliHarness runs;
  private CliHarness follower;
  private Thread thread;
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  @BeforeEach
  void makeProject() throws IOException {
    Files.writeString(temp.resolve("m.py"), "text");
    runtime.task(
        "child",
        "{}",
        (call, grants, host) -> {
          throw new FakeRuntime.Failing(ErrorType.TRAP, "broken");
        });
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          // Goes on only when it has been seen to run.
          await("running");
          host.call(new TaskCall("child", "[]", "{}", Optional.empty())).join();
          if (call.argv().contains("seen")) {
            await("broken");
          }
          return "1";
        });
    runs = new CliHarness(temp.toRealPath(), runtime);
    follower = new CliHarness(temp.toRealPath(), runtime);
  }

  @Test
  void showsEachAttemptAsItChangesAndNothingFromBefore() throws Exception {
    follow("trace", "--follow", "--json", "--last", "1");
    assertEquals(0, runs.run("run", "m.py", "seen"));
    await("\"state\":\"completed\"");
    stop();
    List<JsonObject> lines =
        follower.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    List<String> main = states(lines, "main");
    assertTrue(main.contains("running"), main::toString);
    assertEquals("completed", main.get(main.size() - 1));
    List<String> child = states(lines, "child");
    assertEquals("failed", child.get(child.size() - 1));
    assertEquals(
        1, lines.stream().map(line -> line.get("run")).distinct().count(), () -> follower.out());
    assertEquals(
        lines.size(), lines.stream().distinct().count(), "an attempt is shown when it has changed");
  }

  @Test
  void filtersAndShowsATableToo() throws Exception {
    follow("trace", "--follow", "--task", "main");
    assertEquals(0, runs.run("run", "m.py"));
    await("completed");
    stop();
    assertTrue(follower.out().startsWith("ID "));
    assertFalse(follower.out().contains("child"), () -> follower.out());
  }

  private static List<String> states(List<JsonObject> lines, String task) {
    return lines.stream()
        .filter(line -> line.get("task_name").getAsString().equals(task))
        .map(line -> line.get("state").getAsString())
        .toList();
  }

  private void follow(String... words) {
    thread = new Thread(() -> exitCode.complete(follower.run(words)));
    thread.start();
  }

  private void stop() throws Exception {
    thread.interrupt();
    assertEquals(0, exitCode.get());
  }

  private void await(String text) throws InterruptedException {
    while (!follower.out().contains(text)) {
      Thread.sleep(5);
    }
  }
}
