package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.compatibility.Differs;
import dev.capsule.task.FakeRuntime;
import dev.capsule.task.FakeRuntime.Failing;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.TaskCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that show things: explain, trace, cache, build. */
@Timeout(600)
class ShowCommandsTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private CliHarness cli;

  @BeforeEach
  void makeProject() throws IOException {
    Files.writeString(temp.resolve("m.py"), "text");
    Files.createDirectories(temp.resolve("data"));
    cli = new CliHarness(temp.toRealPath(), runtime);
    runtime.task(
        "child",
        """
        {"compute":"LOW","ram":"64MB","timeout":"5s","max_retries":2,"allowed_hosts":["a.org"],
         "allowed_files":["data::d:ro"],"env_variables":["KEY"],"retrys":3}\
        """,
        (call, grants, host) -> {
          throw new Failing(ErrorType.TASK_ERROR, "first line\nsecond \u001b[31m line");
        });
    runtime.task(
        "main",
        "{}",
        (call, grants, host) ->
            host.call(new TaskCall("child", "[]", "{}", Optional.empty())).join());
  }

  @Test
  void explainShowsCodeAndPolicyOfEveryTask() {
    assertEquals(0, cli.run("explain", "--limit", "hosts=*.org", "m.py"), () -> cli.err());
    assertEquals(
        """
        Program  m.py
        Project  %s
        Code     m.py
                 all of it is in every sandbox; each call of a task gets a new one

        child
          runs     child()  main.py:1
          compute  LOW (100,000,000)
          ram      64MB
          timeout  5000ms
          retries  2
          files    data as /d, read only
          hosts    a.org; and within *.org
          env      KEY
          unknown  retrys (these keys mean nothing)

        main  (a run begins here)
          runs     main()  main.py:1
          compute  MEDIUM (2,000,000,000)
          ram      512MB
          timeout  none
          retries  0
          files    none
          hosts    none
          env      none

        Each run may have
          tasks    1000, at most 8 deep
          network  1000 requests, 100MB down, 100MB up
        """
            .formatted(temp.toAbsolutePath()),
        cli.out());
    assertEquals(0, runtime.live.get());
  }

  @Test
  void explainAsJson() {
    assertEquals(0, cli.run("explain", "--json", "m.py"));
    JsonObject plan = JsonParser.parseString(cli.out()).getAsJsonObject();
    assertEquals("main", plan.get("entry").getAsString());
    JsonObject child = plan.getAsJsonArray("tasks").get(0).getAsJsonObject();
    assertEquals(100_000_000, child.get("compute").getAsLong());
    assertEquals(
        "[{\"host\":\"data\",\"guest\":\"/d\",\"mode\":\"read-only\"}]",
        child.get("allowed_files").toString());
    assertTrue(
        plan.getAsJsonArray("tasks").get(1).getAsJsonObject().get("timeout_ms").isJsonNull());
  }

  @Test
  @Differs(
      section = "Builds and records",
      topic = "trace",
      original = "SQLite; no parents, durations, errors; no command",
      here = "parents, durations, errors, interrupted; `capsule trace`")
  void traceShowsTrees() {
    assertEquals(0, cli.run("run", "m.py"));
    assertEquals(0, cli.run("run", "m.py"));
    assertEquals(0, cli.run("trace"), () -> cli.err());
    List<String> lines = cli.out().lines().toList();
    assertEquals(1 + 2 * 4, lines.size(), () -> cli.out());
    assertTrue(lines.get(0).startsWith("ID  "));
    assertTrue(lines.get(1).contains("  main  ") && lines.get(1).endsWith("(m.py)"));
    assertTrue(lines.get(2).contains("    child  "), () -> cli.out());
    assertTrue(lines.get(3).contains("    child (retry 1)"));
    assertTrue(lines.get(4).endsWith("task_error: first line"));
    assertFalse(cli.out().contains("\u001b"));
  }

  @ParameterizedTest
  @CsvSource({
    "--task child, 6",
    "--task main, 2",
    "--state failed, 6",
    "--state completed, 2",
    "--state running, 0",
    "--last 1, 4",
    "--last 0, 8",
    "--since 1h, 8",
    "--run 1, 8",
    "--run zz, 0",
  })
  void traceFilters(String options, int count) {
    cli.run("run", "m.py");
    cli.run("run", "m.py");
    assertEquals(0, cli.run(("trace --json " + options).split(" ")));
    assertEquals(count, cli.out().lines().count(), () -> cli.out());
    cli.out().lines().forEach(line -> assertTrue(JsonParser.parseString(line).isJsonObject()));
  }

  @ParameterizedTest
  @CsvSource({
    "--state odd, it can be created",
    "--last x, whole number",
    "--since 30, not accepted",
    "frobnicate, it can be list or prune",
    "prune --older-than x, not accepted",
  })
  void traceChecksItsUsage(String options, String message) {
    assertEquals(2, cli.run(("trace " + options).split(" ")));
    assertTrue(cli.err().contains(message), () -> cli.err());
  }

  @Test
  void tracePrunes() {
    cli.run("run", "m.py");
    assertEquals(0, cli.run("trace", "prune"));
    assertEquals("Removed 0 attempts.", cli.out().strip());
    assertEquals(0, cli.run("trace", "prune", "--all"));
    assertEquals("Removed 4 attempts.", cli.out().strip());
    cli.run("trace", "--json");
    assertEquals("", cli.out());
  }

  @Test
  void runsWithoutTraceLeaveNone() {
    cli.run("run", "--no-trace", "m.py");
    cli.run("trace", "--json");
    assertEquals("", cli.out());
  }

  @Test
  void buildFillsTheCacheAndCacheShowsIt() {
    assertEquals(0, cli.run("build", "m.py"));
    assertEquals("", cli.out());
    assertTrue(cli.err().contains("m.py built from 1 file; tasks: child, main"), () -> cli.err());
    assertTrue(cli.err().endsWith("Build successful.\n"));
    assertEquals(0, cli.run("run", "m.py"));
    assertEquals(1, runtime.builds.get());
    assertEquals(0, cli.run("cache"));
    assertTrue(cli.out().strip().endsWith("  m.py"), () -> cli.out());
    assertEquals(0, cli.run("cache", "size"));
    assertTrue(Long.parseLong(cli.out().strip()) > 100);
    assertEquals(0, cli.run("cache", "clear"));
    assertTrue(cli.out().startsWith("Removed "));
    assertEquals(0, cli.run("cache"));
    assertEquals("", cli.out());
    assertEquals(2, cli.run("cache", "polish"));
  }

  @Test
  void aBuildThatFailsSaysWhy() throws IOException {
    Files.writeString(temp.resolve("broken.py"), "syntax error");
    assertEquals(3, cli.run("build", "broken.py"));
    assertTrue(cli.err().contains("Error: Build failed: SyntaxError: line 1"), () -> cli.err());
    assertTrue(cli.err().contains("Traceback: line 1"), () -> cli.err());
  }
}
