package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(600)
class RunCommandTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private CliHarness cli;

  @BeforeEach
  void makeProject() throws IOException {
    Files.writeString(temp.resolve("m.py"), "text");
    Files.createDirectories(temp.resolve("data"));
    cli = new CliHarness(temp.toRealPath(), runtime);
  }

  static Stream<Arguments> words() {
    return Stream.of(
        arguments(List.of("m.py"), "[]", false),
        arguments(List.of("m.py", "a", "b c"), "[\"a\",\"b c\"]", false),
        arguments(List.of("--json", "m.py", "a"), "[\"a\"]", true),
        arguments(List.of("m.py", "--json", "a"), "[\"a\"]", true),
        arguments(List.of("m.py", "a", "--json"), "[\"a\",\"--json\"]", false),
        arguments(List.of("m.py", "a", "--verbose", "-h"), "[\"a\",\"--verbose\",\"-h\"]", false),
        arguments(List.of("m.py", "a", "--", "b"), "[\"a\",\"--\",\"b\"]", false),
        arguments(List.of("m.py", "--foo", "--json"), "[\"--foo\",\"--json\"]", false),
        arguments(List.of("m.py", "-x", "-h"), "[\"-x\",\"-h\"]", false),
        arguments(List.of("m.py", "--", "--json"), "[\"--json\"]", false),
        arguments(List.of("m.py", "--", "--", "x"), "[\"--\",\"x\"]", false),
        arguments(List.of("m.py", "--json", "--", "--json"), "[\"--json\"]", true),
        arguments(List.of("--", "m.py", "--json"), "[\"--json\"]", false),
        arguments(List.of("m.py", "--mount", "data", "x"), "[\"x\"]", false),
        arguments(List.of("m.py", "--mount=data", "--mount", "data::d:ro", "x"), "[\"x\"]", false),
        arguments(List.of("m.py", ""), "[\"\"]", false),
        arguments(List.of("m.py", "-"), "[\"-\"]", false),
        arguments(List.of("--deterministic", "m.py", "x"), "[\"x\"]", false),
        arguments(List.of("--deterministic=7", "m.py", "x"), "[\"x\"]", false));
  }

  @ParameterizedTest
  @MethodSource
  void words(List<String> words, String expected, boolean json) {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "printed");
          return call.args();
        });
    String[] all = Stream.concat(Stream.of("run"), words.stream()).toArray(String[]::new);
    assertEquals(0, cli.run(all), () -> cli.err());
    List<String> lines = cli.out().lines().toList();
    assertEquals(json ? 1 : 2, lines.size(), () -> cli.out());
    assertEquals(json, cli.err().contains("printed"));
    assertEquals(expected, envelope().get("result").toString());
  }

  static Stream<Arguments> wrongUsage() {
    return Stream.of(
        arguments(List.of("--foo", "m.py"), "Unknown option: \"--foo\""),
        arguments(List.of("--mount"), "--mount"),
        arguments(List.of("m.py", "--args-file", "a.json", "x"), "cannot be used together"),
        arguments(List.of("m.py", "--args-file", "missing.json"), "does not exist"),
        arguments(List.of("m.py", "--args-file", "numbers.json"), "1 is not a string"),
        arguments(List.of("m.py", "--args-file", "object.json"), "not a JSON array of strings"),
        arguments(List.of("m.py", "--args-file", "broken.json"), "not a JSON array of strings"),
        arguments(List.of("--limit", "compute", "m.py"), "KEY=VALUE"),
        arguments(List.of("--limit", "fuel=3", "m.py"), "there is no fuel"),
        arguments(List.of("--limit", "timeout=30", "m.py"), "timeout: \"30\""),
        arguments(List.of("--parallel", "0", "m.py"), "from 1 to 999"),
        arguments(List.of("--deterministic=x", "m.py"), "whole number"));
  }

  @ParameterizedTest
  @MethodSource
  void wrongUsage(List<String> words, String message) throws IOException {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    Files.writeString(temp.resolve("a.json"), "[\"x\"]");
    Files.writeString(temp.resolve("numbers.json"), "[\"x\",1]");
    Files.writeString(temp.resolve("object.json"), "{}");
    Files.writeString(temp.resolve("broken.json"), "[\"x\"");
    String[] all = Stream.concat(Stream.of("run"), words.stream()).toArray(String[]::new);
    assertEquals(2, cli.run(all));
    assertTrue(cli.err().contains(message), () -> cli.err());
    assertEquals("", cli.out());
  }

  @Test
  void argumentsFromAFile() throws IOException {
    runtime.task("main", "{}", (call, grants, host) -> call.args());
    Files.writeString(temp.resolve("a.json"), "[\"é\", \"--json\", \"\"]");
    assertEquals(0, cli.run("run", "--args-file", "a.json", "m.py"));
    assertEquals("[\"é\",\"--json\",\"\"]", envelope().get("result").toString());
  }

  @ParameterizedTest
  @CsvSource({"run m.py, 1", "run --exit-zero m.py, 0", "run --json m.py, 1"})
  @Differs(
      section = "Running",
      topic = "exit code of a failed task",
      original = "0",
      here = "1; `--exit-zero` gives 0")
  void aFailedTaskHasItsExitCode(String words, int code) {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          throw new Failing(ErrorType.TASK_ERROR, "boom");
        });
    assertEquals(code, cli.run(words.split(" ")));
    if (words.contains("--json")) {
      assertTrue(
          cli.out()
              .startsWith(
                  "{\"success\":false,\"result\":null,\"error\":{\"error_type\":\"task_error\","
                      + "\"message\":\"boom\"},\"execution\":{\"task_name\":\"main\","),
          () -> cli.out());
      assertEquals("", cli.err());
    } else {
      assertEquals("", cli.out());
      assertTrue(
          cli.err().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ERROR boom\\R"),
          () -> cli.err());
    }
  }

  @Test
  void aNullResultIsSilentUnlessJsonIsWanted() {
    runtime.task("main", "{}", (call, grants, host) -> "null");
    assertEquals(0, cli.run("run", "m.py"));
    assertEquals("", cli.out());
    assertEquals("", cli.err());
    assertEquals(0, cli.run("run", "--json", "m.py"));
    assertTrue(cli.out().startsWith("{\"success\":true,\"result\":null,"));
  }

  @Test
  @Differs(
      section = "Running",
      topic = "`--json`",
      original = "guest output before the envelope",
      here = "exactly one line; guest output on stderr, or in the envelope with `--capture`")
  void guestTextWithoutNewlineNeverTouchesTheEnvelope() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "{\"success\":false} no newline");
          return "1";
        });
    cli.run("run", "m.py");
    assertEquals("{\"success\":false} no newline", cli.out().lines().toList().get(0));
    assertEquals(1, envelope().get("result").getAsInt());
    cli.run("run", "--json", "m.py");
    assertEquals(1, cli.out().lines().count());
    cli.run("run", "--json", "--capture", "m.py");
    assertEquals("", cli.err());
    assertEquals(
        "{\"success\":false} no newline",
        envelope().getAsJsonObject("output").get("stdout").getAsString());
  }

  @Test
  void verboseShowsTheLifeOfEveryTask() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) ->
            host.call(new TaskCall("child", "[]", "{}", Optional.empty())).join());
    runtime.task(
        "child",
        "{\"max_retries\":1}",
        (call, grants, host) -> {
          throw new Failing(ErrorType.OUT_OF_FUEL, "fuel is used up");
        });
    assertEquals(0, cli.run("run", "--verbose", "m.py"));
    String[] lines =
        cli.err().lines().map(line -> line.replaceFirst("^\\S+Z ", "")).toArray(String[]::new);
    assertTrue(lines[0].startsWith("✓ Environment ready ("), cli.err());
    assertEquals("INFO [main] task execution started", lines[1]);
    assertEquals("INFO [child] task execution started", lines[2]);
    assertEquals("ERROR [child] fuel is used up (will be retried)", lines[3]);
    assertEquals("INFO [child] task execution started (retry 1)", lines[4]);
    assertEquals("ERROR [child] fuel is used up", lines[5]);
    assertTrue(lines[6].startsWith("SUCCESS [main] Completed in "), cli.err());
    assertTrue(lines[7].startsWith("✓ Complete ("), cli.err());
    assertEquals(8, lines.length);
    assertEquals(1, cli.out().lines().count());
  }

  @Test
  @Differs(
      section = "Running",
      topic = "progress, when stderr is no terminal",
      original = "finished steps are listed",
      here = "silent; `--verbose` tells all")
  void aTerminalGetsASpinnerAndColoursUnlessItWantsNone() {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    cli.terminal = true;
    cli.run("run", "m.py");
    assertTrue(cli.err().contains("\u001b[32m✓ Complete\u001b[0m"), () -> cli.err());
    cli.environment.put("NO_COLOR", "1");
    cli.run("run", "m.py");
    assertTrue(cli.err().contains("✓ Complete ("), () -> cli.err());
    assertFalse(cli.err().contains("\u001b[3"), () -> cli.err());
    cli.run("run", "--json", "m.py");
    assertEquals("", cli.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run missing.py| Cannot resolve source path",
        "run data| Unsupported extension",
        "run| No file given",
        "run --mount nowhere m.py| does not exist",
        "run broken.py| Build failed: SyntaxError: line 1",
        "run invalid/m.py| default_ram",
        "run --task nobody m.py| There is no task \"nobody\"; the program declares: main",
        "run --json missing.py| Cannot resolve",
      })
  @Differs(
      section = "Running",
      topic = "exit code of what prevents a run",
      original = "1",
      here = "3")
  @Differs(
      section = "Running",
      topic = "errors",
      original = "`Error: RunError(\"...\")`",
      here = "`Error: ...`")
  void whatPreventsTheRunHasItsOwnExitCode(String words, String message) throws IOException {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    Files.writeString(temp.resolve("broken.py"), "syntax error");
    Files.createDirectories(temp.resolve("invalid"));
    Files.writeString(temp.resolve("invalid/m.py"), "");
    Files.writeString(temp.resolve("invalid/capsule.toml"), "[tasks]\ndefault_ram = \"x\"\n");
    assertEquals(3, cli.run(words.split(" ")));
    assertTrue(cli.err().startsWith("Error: "), () -> cli.err());
    assertTrue(cli.err().contains(message), () -> cli.err());
    assertEquals("", cli.out());
  }

  @Test
  void evalGivesTheCodeToAProgramWithTheRightsOfTheOptions() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) ->
            "[" + call.args() + "," + grants.fuel() + "," + grants.environment().size() + "]");
    cli.environment.put("KEY", "v");
    assertEquals(0, cli.run("eval", "python", "1 + 1"));
    assertEquals("[[\"1 + 1\"],2000000000,0]", envelope().get("result").toString());
    cli.input("from stdin");
    assertEquals(0, cli.run("eval", "py", "-", "--compute", "LOW", "--env", "KEY"));
    assertEquals("[[\"from stdin\"],100000000,1]", envelope().get("result").toString());
    assertEquals(2, cli.run("eval", "ruby", "1"));
    assertTrue(cli.err().contains("it can be python"));
    assertEquals(2, cli.run("eval", "py", "1", "--timeout", "30"));
    assertTrue(cli.err().contains("timeout: \"30\""));
    assertEquals(2, cli.run("eval", "py"));
  }

  @Test
  void helpHelps() {
    assertEquals(0, cli.run("run", "--help"));
    for (String part : List.of("--json", "--args-file", "--mount=HOST", "Exit code", "Examples")) {
      assertTrue(cli.out().contains(part), () -> cli.out());
    }
    assertEquals(0, cli.run("run", "m.py", "--help"));
    assertTrue(cli.out().contains("Usage: capsule run"), () -> cli.out());
  }

  private JsonObject envelope() {
    List<String> lines = cli.out().lines().toList();
    return JsonParser.parseString(lines.get(lines.size() - 1)).getAsJsonObject();
  }
}
