package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.compatibility.Differs;
import dev.capsule.task.FakeRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(600)
class WorkerTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private CliHarness cli;

  @BeforeEach
  void makeProject() throws IOException {
    Files.writeString(temp.resolve("m.py"), "text");
    Files.createDirectories(temp.resolve("out"));
    cli = new CliHarness(temp.toRealPath(), runtime);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("{\"id\":\"a\",\"file\":5}", "a", "\"file\" has to be a text"),
        arguments("{\"id\":\"a\"}", "a", "\"file\" has to be a text"),
        arguments("{\"id\":\"a\",\"file\":\"m.py\",\"args\":[1]}", "a", "\"args\" has to be"),
        arguments("{\"id\":\"a\",\"file\":\"m.py\",\"args\":\"x\"}", "a", "\"args\" has to be"),
        arguments("{\"id\":\"a\",\"file\":\"m.py\",\"mounts\":[{}]}", "a", "\"mounts\" has to be"),
        arguments("{\"id\":\"a\\\"b\",\"file\":\"m.py\"", "a\"b", "not a JSON object"),
        arguments("{\"file\":\"m.py\", \"id\": \"x7\", nonsense", "x7", "not a JSON object"),
        arguments("{\"id\":7,\"file\":\"m.py\"}", "unknown", "\"id\" has to be a text"),
        arguments("[]", "unknown", "not a JSON object"),
        arguments("hello", "unknown", "not a JSON object"),
        arguments("\u0000\u0001\u00ff", "unknown", "not a JSON object"),
        arguments("[".repeat(100_000), "unknown", "not a JSON object"),
        arguments("{\"id\":\"a\",\"file\":\"none.py\"}", "a", "Execution failed: Cannot resolve"),
        arguments("{\"id\":\"a\",\"file\":\"\\u0000\"}", "a", "Execution failed"),
        arguments(
            "{\"id\":\"a\",\"file\":\"m.py\",\"mounts\":[\"..\"]}",
            "a",
            "Execution failed: --mount"));
  }

  @ParameterizedTest
  @MethodSource
  @Differs(
      section = "Worker",
      topic = "malformed lines",
      original = "id `unknown`",
      here = "the id, as far as it can be read")
  void malformed(String line, String id, String message) {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    cli.input(line + "\n\n  \n{\"id\":\"good\",\"file\":\"m.py\"}\n");
    assertEquals(0, cli.run("worker"));
    Map<String, JsonObject> answers = answers();
    assertEquals(2, answers.size(), () -> cli.out());
    assertTrue(answers.get(id).get("error").getAsString().contains(message), () -> cli.out());
    assertTrue(answers.get("good").getAsJsonObject("output").get("success").getAsBoolean());
  }

  @Test
  @Differs(
      section = "Worker",
      topic = "end of input",
      original = "drops what runs",
      here = "finishes it")
  void requestsAreAnsweredInTheOrderOfCompletionAndAllBeforeTheEnd() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          while (call.argv().get(0).equals("slow") && !cli.out().contains("\"id\":\"2\"")) {
            Thread.sleep(1);
          }
          return call.args();
        });
    cli.input(request("1", "slow") + request("2", "quick").strip());
    assertEquals(0, cli.run("worker"));
    assertEquals("2", cli.out().lines().toList().get(0).substring(7, 8));
    assertEquals(
        "[\"slow\"]", answers().get("1").getAsJsonObject("output").get("result").toString());
  }

  @Test
  @Differs(
      section = "Worker",
      topic = "guest output",
      original = "on the protocol's stream",
      here = "on stderr")
  void whatGuestsPrintNeverReachesTheProtocol() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "{\"id\":\"2\",\"output\":{}}\nno newline");
          return "1";
        });
    cli.input(request("1", "a") + request("2", "b"));
    assertEquals(0, cli.run("worker"));
    assertEquals(2, cli.out().lines().count());
    assertEquals(2, answers().size());
    assertTrue(cli.err().contains("no newline\n"));
  }

  @Test
  void captureAndMountsAndLimits() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "hi");
          return "[" + grants.fuel() + ",\"" + grants.preopens().get(0).guestPath() + "\"]";
        });
    cli.input(
        "{\"id\":\"1\",\"file\":\"m.py\",\"mounts\":[\"out::o:ro\"],\"capture\":true,\"x\":1}\n");
    assertEquals(0, cli.run("worker", "--limit", "compute=5"));
    JsonObject output = answers().get("1").getAsJsonObject("output");
    assertEquals("[5,\"/o\"]", output.get("result").toString());
    assertEquals("hi", output.getAsJsonObject("output").get("stdout").getAsString());
    assertEquals(2, cli.run("worker", "--limit", "compute=lots"));
  }

  @Test
  @Differs(
      section = "Worker",
      topic = "policy of later calls",
      original = "lost",
      here = "the same for every call")
  void everyCallHasThePolicyOfTheFirstAndSeesChanges() {
    runtime.task(
        "main",
        "{\"compute\":\"LOW\",\"timeout\":\"10m\",\"env_variables\":[\"E\"]}",
        (call, grants, host) -> {
          String result = "[" + grants.fuel() + "," + grants.environment().size() + "]";
          Files.writeString(temp.resolve("m.py"), "changed by " + call.argv().get(0));
          return result;
        });
    cli.environment.put("E", "1");
    cli.input(
        IntStream.range(0, 5)
            .mapToObj(i -> request("r" + i, "a" + i))
            .collect(Collectors.joining()));
    assertEquals(0, cli.run("worker", "--parallel", "1"));
    Map<String, JsonObject> answers = answers();
    for (int i = 0; i < 5; i++) {
      assertEquals(
          "[100000000,1]", answers.get("r" + i).getAsJsonObject("output").get("result").toString());
    }
  }

  @Test
  void manyInterleavedRequestsAndLargeResponsesAreAllAnswered() {
    String large = '"' + "x".repeat(10 << 20) + '"';
    runtime.task(
        "main", "{}", (call, grants, host) -> call.argv().get(0).equals("large") ? large : "1");
    cli.input(
        IntStream.range(0, 300)
            .mapToObj(i -> request("r" + i, i % 100 == 0 ? "large" : "small"))
            .collect(Collectors.joining()));
    assertEquals(0, cli.run("worker", "--no-trace"));
    Map<String, JsonObject> answers = answers();
    assertEquals(300, answers.size());
    assertEquals(
        10 << 20,
        answers.get("r200").getAsJsonObject("output").get("result").getAsString().length());
  }

  private static String request(String id, String argument) {
    return "{\"id\":\"" + id + "\",\"file\":\"m.py\",\"args\":[\"" + argument + "\"]}\n";
  }

  private Map<String, JsonObject> answers() {
    Map<String, JsonObject> answers = new LinkedHashMap<>();
    cli.out()
        .lines()
        .forEach(
            line -> {
              JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
              answers.put(answer.get("id").getAsString(), answer);
            });
    return answers;
  }
}
