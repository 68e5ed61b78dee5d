package dev.capsule.task.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.compatibility.Differs;
import dev.capsule.task.FakeRuntime;
import dev.capsule.task.FakeRuntime.Failing;
import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.Preopen;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskCall;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.TaskConfig;
import dev.capsule.task.project.Environment;
import dev.capsule.task.project.InlineSources;
import dev.capsule.task.trace.TraceEntry;
import dev.capsule.task.trace.TraceState;
import dev.capsule.task.trace.TraceStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class RunTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final List<TaskEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final List<HttpCall> sent = Collections.synchronizedList(new ArrayList<>());
  private Limits limits = Limits.defaults();
  private boolean capture;
  private List<Run.Mount> mounts = List.of();
  private Map<String, String> environment = Map.of();
  private Path root;
  private SandboxPool pool;
  private TraceStore trace;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectories(temp.resolve("p")).toRealPath();
    pool = new SandboxPool(3);
    trace =
        TraceStore.open(
            root.resolve(".capsule"),
            problem -> {
              throw new IllegalStateException(problem);
            });
  }

  @AfterEach
  void close() {
    pool.close();
    trace.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null| null",
        "false| false",
        "0| 0",
        "\"\"| \"\"",
        "{\"z\": 1, \"a\": 2}| {\"z\":1,\"a\":2}",
        "{\"result\": {\"result\": 5}}| {\"result\":{\"result\":5}}",
        "{\"error_type\": \"x\"}| {\"error_type\":\"x\"}",
        "123456789012345678901| 123456789012345678901",
      })
  @Differs(
      section = "Tasks",
      topic = "name of main in envelope and trace",
      original = "`default`",
      here = "`main`")
  @Differs(
      section = "Tasks",
      topic = "keys of results",
      original = "sorted",
      here = "in the order that the task returned")
  @Differs(
      section = "Tasks",
      topic = "large integers in results",
      original = "become floats",
      here = "stay")
  void resultsArriveAsTheGuestSentThem(String sentJson, String result) {
    runtime.task("main", "{}", (call, grants, host) -> sentJson);
    Envelope envelope = run();
    assertTrue(envelope.success(), envelope::toJson);
    assertEquals(result, envelope.result());
    assertEquals("main", envelope.execution().taskName());
    assertEquals(11, envelope.execution().fuelConsumed());
    assertEquals(22, envelope.execution().ramUsed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "{\"a\":Infinity}", "", "{", "[1,]", "1 2"})
  @Differs(
      section = "Tasks",
      topic = "NaN in results",
      original = "the text of the reply, as success",
      here = "`invalid_result`")
  void whatIsNoJsonIsAnInvalidResult(String json) {
    runtime.task("main", "{}", (call, grants, host) -> json);
    assertError(run(), "invalid_result", "cannot be carried as JSON");
  }

  @Test
  void hugeAndDeepResultsAreInvalid() {
    limits = limits.with("max_result", "1KB");
    runtime.task("main", "{}", (call, grants, host) -> '"' + "x".repeat(2000) + '"');
    runtime.task("deep", "{}", (call, grants, host) -> "[".repeat(600) + "]".repeat(600));
    assertError(run(), "invalid_result", "max_result");
    assertError(run("deep"), "invalid_result", "max_result");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"error_type\":\"my_error\",\"message\":\"m\",\"x\":1}| my_error| m",
        "{\"error_type\":\"timeout\",\"message\":\"m\"}| task_error| m",
        "{\"error_type\":\"out_of_fuel\",\"message\":5}| task_error| ``",
        "{\"message\":null,\"error_type\":[]}| ``| ``",
      })
  @Differs(
      section = "Tasks",
      topic = "a returned `error_type`",
      original = "any",
      here = "any but the host's own, which become `task_error`")
  void aTaskMayDeclareItselfFailedButNotForgeALimit(String json, String type, String message) {
    runtime.task("main", "{}", (call, grants, host) -> json);
    Envelope envelope = run();
    assertFalse(envelope.success());
    assertEquals("null", envelope.result());
    assertEquals(type, envelope.error().orElseThrow().errorType());
    assertEquals(message, envelope.error().orElseThrow().message());
  }

  @ParameterizedTest
  @EnumSource(value = ErrorType.class)
  @Differs(
      section = "Tasks",
      topic = "kinds of error",
      original = "`task_error`, `timeout`, `Wasm_error`",
      here = "ten kinds told apart; exception and traceback")
  void failuresKeepTheirType(ErrorType type) {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          throw new Failing(type, "why");
        });
    assertError(run(), type.wireName(), "why");
  }

  @Test
  void faultsOfARuntimeAreTrapsAndNotExceptions() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          throw new IllegalArgumentException("bug");
        });
    runtime.task(
        "memory",
        "{}",
        (call, grants, host) -> {
          throw new OutOfMemoryError("simulated");
        });
    runtime.task(
        "stack",
        "{}",
        (call, grants, host) -> {
          throw new StackOverflowError();
        });
    assertError(run(), "trap", "bug");
    assertError(run("memory"), "out_of_memory", "no memory");
    assertError(run("stack"), "trap", "stack exhausted");
  }

  @Test
  @Differs(
      section = "Tasks",
      topic = "retries",
      original = "main never; the envelope shows the configured number",
      here = "main too; the true number")
  void attemptsAreRepeatedAndCounted() {
    AtomicInteger calls = new AtomicInteger();
    runtime.task(
        "main",
        "{\"max_retries\":3}",
        (call, grants, host) -> {
          if (calls.incrementAndGet() < 3) {
            throw new Failing(ErrorType.TASK_ERROR, "not yet");
          }
          return "1";
        });
    runtime.task(
        "never",
        "{\"max_retries\":2}",
        (call, grants, host) -> {
          throw new Failing(ErrorType.TRAP, "never");
        });
    runtime.task(
        "invalid",
        "{\"max_retries\":2}",
        (call, grants, host) -> {
          calls.incrementAndGet();
          throw new Failing(ErrorType.INVALID_CONFIG, "never");
        });
    assertEquals(2, run().execution().retries());
    assertEquals(3, calls.get());
    assertEquals(2, run("never").execution().retries());
    assertEquals(0, run("invalid").execution().retries());
    assertEquals(4, calls.get());
    assertEquals(
        List.of(true, true, false, true, true, false, false),
        events.stream()
            .filter(TaskEvent.Ended.class::isInstance)
            .map(event -> ((TaskEvent.Ended) event).retried())
            .toList());
    assertEquals(
        List.of(0, 1, 2, 0, 1, 2, 0), entries().stream().map(TraceEntry::attempt).toList());
  }

  @Test
  void eachAttemptHasItsOwnTimeAndTheTypeSaysSo() {
    runtime.task(
        "main",
        "{\"timeout\":\"30ms\",\"max_retries\":1}",
        (call, grants, host) -> FakeRuntime.untilStopped(grants));
    Envelope envelope = run();
    assertError(envelope, "timeout", "timeout after 30ms");
    assertEquals(1, envelope.execution().retries());
    assertTrue(envelope.execution().durationMs() >= 29, envelope::toJson);
    assertEquals(
        List.of(TraceState.TIMED_OUT, TraceState.TIMED_OUT),
        entries().stream().map(TraceEntry::state).toList());
  }

  @Test
  void aZeroTimeoutIsReal() {
    runtime.task(
        "main", "{\"timeout\":\"0s\"}", (call, grants, host) -> FakeRuntime.untilStopped(grants));
    assertError(run(), "timeout", "timeout after 0ms");
  }

  @Test
  void aTaskThatOutlastsItsTimeHasFailedEvenIfItReturns() {
    runtime.task(
        "main",
        "{\"timeout\":\"20ms\"}",
        (call, grants, host) -> {
          CountDownLatch stop = new CountDownLatch(1);
          grants.cancellation().onRequest(stop::countDown);
          stop.await();
          return "1";
        });
    assertError(run(), "timeout", "20ms");
  }

  /** With more time wherever it was over before the leaf had begun. */
  @Test
  void aTimeoutTakesTheWholeTreeDown() {
    CountDownLatch begun = new CountDownLatch(1);
    runtime.task("middle", "{}", (call, grants, host) -> sub(host, "leaf"));
    runtime.task(
        "leaf",
        "{}",
        (call, grants, host) -> {
          begun.countDown();
          return FakeRuntime.untilStopped(grants);
        });
    List<TraceState> states = List.of();
    for (int millis = 50; begun.getCount() > 0 && millis <= 50 << 10; millis <<= 2) {
      int before = entries().size();
      String time = millis + "ms";
      runtime.task(
          "main" + time,
          "{\"timeout\":\"" + time + "\"}",
          (call, grants, host) -> sub(host, "middle"));
      assertError(run("main" + time), "timeout", "after " + time);
      awaitIdle();
      states = entries().stream().skip(before).map(TraceEntry::state).toList();
    }
    assertEquals(
        List.of(TraceState.TIMED_OUT, TraceState.INTERRUPTED, TraceState.INTERRUPTED), states);
  }

  @Test
  void aRunCanBeCancelledWithAllItsTasks() throws Exception {
    CountDownLatch running = new CountDownLatch(4);
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          running.countDown();
          List<CompletableFuture<String>> leaves =
              IntStream.range(0, 20).mapToObj(i -> host.call(task("leaf"))).toList();
          return leaves.get(19).join();
        });
    runtime.task(
        "leaf",
        "{\"max_retries\":5}",
        (call, grants, host) -> {
          running.countDown();
          return FakeRuntime.untilStopped(grants);
        });
    Run run = start("main");
    running.await();
    run.cancel();
    assertError(run.result().join(), "cancelled", "cancelled");
    awaitIdle();
    assertEquals(4, entries().size(), "those that waited never began");
  }

  @Test
  void aCallCanBeCancelledAlone() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          CompletableFuture<String> loser = host.call(task("endless"));
          String winner = host.call(task("quick")).join();
          loser.cancel(true);
          return winner;
        });
    runtime.task("endless", "{}", (call, grants, host) -> FakeRuntime.untilStopped(grants));
    runtime.task("quick", "{}", (call, grants, host) -> "7");
    assertEquals(
        7, JsonParser.parseString(run().result()).getAsJsonObject().get("result").getAsInt());
    awaitIdle();
  }

  @Test
  void tasksLeftBehindEndWithTheirCaller() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          host.call(task("endless"));
          return "1";
        });
    runtime.task("endless", "{}", (call, grants, host) -> FakeRuntime.untilStopped(grants));
    assertTrue(run().success());
    awaitIdle();
  }

  @Test
  @Differs(
      section = "Tasks",
      topic = "sub-tasks",
      original = "one after the other",
      here = "concurrent when awaited together")
  void subTasksRunSideBySideWithinThePool() {
    CountDownLatch together = new CountDownLatch(3);
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          List<CompletableFuture<String>> all =
              IntStream.range(0, 9).mapToObj(i -> host.call(task("leaf"))).toList();
          all.forEach(CompletableFuture::join);
          return "9";
        });
    runtime.task(
        "leaf",
        "{}",
        (call, grants, host) -> {
          together.countDown();
          assertTrue(together.await(5, TimeUnit.MINUTES));
          return "1";
        });
    assertTrue(run().success());
    assertEquals(4, runtime.most.get());
  }

  @Test
  void waitingTasksNeverBlockEachOther() {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          List<CompletableFuture<String>> all =
              IntStream.range(0, 4).mapToObj(i -> host.call(task("branch1"))).toList();
          all.forEach(CompletableFuture::join);
          return "1";
        });
    for (int level = 1; level <= 3; level++) {
      String below = "branch" + (level + 1);
      runtime.task(
          "branch" + level,
          "{}",
          (call, grants, host) -> {
            List<CompletableFuture<String>> all =
                IntStream.range(0, 4).mapToObj(i -> host.call(task(below))).toList();
            all.forEach(CompletableFuture::join);
            return "1";
          });
    }
    runtime.task("branch4", "{}", (call, grants, host) -> "1");
    assertTrue(run().success());
    assertEquals(1 + 4 + 16 + 64 + 256, entries().size());
    assertTrue(runtime.most.get() <= 5 * 3, () -> "live " + runtime.most.get());
  }

  @Test
  void depthIsBounded() {
    limits = limits.with("max_depth", "3");
    runtime.task("main", "{}", (call, grants, host) -> sub(host, "main"));
    String json = run().result();
    assertTrue(json.contains("limit max_depth"), json);
    assertEquals(3, entries().size());
  }

  @Test
  void aForkBombEndsAtTheNumberOfTasks() {
    limits = limits.with("max_tasks", "50");
    AtomicInteger refused = new AtomicInteger();
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          for (int i = 0; i < 20; i++) {
            if (host.call(task("main")).join().contains("limit max_tasks")) {
              refused.incrementAndGet();
            }
          }
          return "1";
        });
    assertTrue(run().success());
    assertEquals(50, entries().size());
    assertTrue(refused.get() > 20, () -> "refused " + refused.get());
  }

  @Test
  @Differs(
      section = "Tasks",
      topic = "keyword arguments of sub-tasks",
      original = "lost",
      here = "arrive")
  void theParentSeesTheChildsEnvelopeAndTheTraceTheirRelation() {
    runtime.task("main", "{}", (call, grants, host) -> sub(host, "child"));
    runtime.task(
        "child",
        "{}",
        (call, grants, host) ->
            "[" + call.args() + "," + call.kwargs() + "," + call.argv().size() + "]");
    JsonObject child = JsonParser.parseString(run().result()).getAsJsonObject();
    assertEquals("[[1,\"a\"],{\"k\":2},0]", child.get("result").toString());
    assertEquals(List.of("success", "result", "error", "execution"), List.copyOf(child.keySet()));
    List<TraceEntry> entries = entries();
    assertEquals(Optional.of(entries.get(0).id()), entries.get(1).parent());
    assertEquals(entries.get(0).id(), entries.get(1).run());
    assertEquals(Optional.empty(), entries.get(0).parent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nobody| []| {}| {}| task_error| there is no task \\\"nobody\\\"; the program declares:"
            + " main, child",
        "child| {}| {}| {}| task_error| arguments are not JSON: no array",
        "child| []| []| {}| task_error| arguments are not JSON: no object",
        "child| [1],\"x\":[2]| {}| {}| task_error| arguments are not JSON",
        "child| []| {}| {\"ram\":5}| invalid_config| ram: 5",
        "child| []| {}| nonsense| invalid_config| config:",
      })
  @Differs(
      section = "Tasks",
      topic = "unknown task name",
      original = "runs main",
      here = "an error with the names that there are")
  void callsAreCheckedBeforeAnythingRuns(
      String name, String args, String kwargs, String config, String type, String message) {
    runtime.task(
        "main",
        "{}",
        (call, grants, host) ->
            host.call(new TaskCall(name, args, kwargs, Optional.of(config))).join());
    runtime.task("child", "{}", (call, grants, host) -> "1");
    String json = run().result();
    assertTrue(json.contains("\"error_type\":\"" + type + "\""), json);
    assertTrue(json.contains(message), json);
    assertEquals(1, entries().size());
  }

  @Test
  @Differs(
      section = "Configuration",
      topic = "configuration sent by the guest",
      original = "used as it is",
      here = "narrows only")
  void aGuestCannotWidenWhatItsCalleeMayUse() throws IOException {
    Files.createDirectories(root.resolve("data"));
    environment = Map.of("SECRET", "s3cret", "PUBLIC", "p");
    runtime.task(
        "main",
        "{}",
        (call, grants, host) ->
            host.call(
                    new TaskCall(
                        "child",
                        "[]",
                        "{}",
                        Optional.of(
                            """
                            {"compute":"HIGH","ram":"1GB","allowed_files":["./"],
                             "allowed_hosts":["*"],"env_variables":["SECRET","PUBLIC"]}\
                            """)))
                .join());
    runtime.task(
        "child",
        "{\"compute\":\"LOW\",\"ram\":\"1MB\",\"env_variables\":[\"PUBLIC\"]}",
        (call, grants, host) -> {
          assertEquals(List.of(), grants.preopens());
          assertEquals(Map.of("PUBLIC", "p"), grants.environment());
          return "[" + grants.fuel() + "," + grants.ram() + "]";
        });
    assertTrue(run().result().contains("\"result\":[100000000,1048576]"));
  }

  @Test
  void mountsReachEverySubTaskAndChangeNoDeclaredDirectory() throws IOException {
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("out"));
    mounts =
        List.of(
            new Run.Mount(PathSpec.parse("--mount", "out::out:rw"), root),
            new Run.Mount(PathSpec.parse("--mount", "data:rw"), root));
    List<Preopen> seen = Collections.synchronizedList(new ArrayList<>());
    runtime.task(
        "main",
        "{\"allowed_files\":[\"data:ro\"]}",
        (call, grants, host) -> {
          seen.addAll(grants.preopens());
          return sub(host, "child");
        });
    runtime.task(
        "child",
        "{}",
        (call, grants, host) -> {
          seen.addAll(grants.preopens());
          return "1";
        });
    assertTrue(run().success());
    assertEquals(
        List.of("/data false", "/out true", "/out true", "/data true"),
        seen.stream().map(p -> p.guestPath() + " " + p.writable()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "missing, does not exist",
    "../, escapes",
    ".capsule, belongs to Capsule",
    "data/link, leads out of what [limits] files allows",
  })
  void directoriesThatCannotBeGrantedAreInvalidConfig(String spec, String message)
      throws IOException {
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("other"));
    Files.createDirectories(root.resolve(".capsule"));
    Files.createSymbolicLink(root.resolve("data/link"), root.resolve("other"));
    if (spec.startsWith("data")) {
      limits = limits.with("files", "data");
    }
    runtime.task("main", "{\"allowed_files\":[\"" + spec + "\"]}", (call, grants, host) -> "1");
    assertError(run(), "invalid_config", message);
    assertEquals(TraceState.FAILED, entries().get(0).state());
  }

  @Test
  void twoDirectoriesCannotShareAGuestPath() throws IOException {
    Files.createDirectories(root.resolve("a"));
    Files.createDirectories(root.resolve("b"));
    runtime.task("main", "{\"allowed_files\":[\"a::x\",\"b::x\"]}", (call, grants, host) -> "1");
    assertError(run(), "invalid_config", "/x is already another directory");
  }

  @Test
  void requestsAreReportedWithoutSecrets() {
    environment = Map.of("KEY", "s3cret-value");
    runtime.task(
        "main",
        "{\"env_variables\":[\"KEY\"],\"allowed_hosts\":[\"example.com\"]}",
        (call, grants, host) -> {
          host.http(
                  new HttpCall(
                      "post",
                      "http://example.com/?k=s3cret-value",
                      List.of(
                          new HttpCall.Header("Authorization", "Bearer x"),
                          new HttpCall.Header("X-Other", "has s3cret-value inside")),
                      Optional.of("{\"key\":\"s3cret-value\"}".getBytes(StandardCharsets.UTF_8)),
                      true))
              .join();
          throw new Failing(ErrorType.TASK_ERROR, "leak: s3cret-value");
        });
    Envelope envelope = run();
    String json = envelope.toJson();
    assertTrue(
        json.contains(
            "\"host_requests\":[{\"method\":\"POST\",\"url\":\"http://example.com/?k=[redacted]\","
                + "\"headers\":[[\"Authorization\",\"[redacted]\"],"
                + "[\"X-Other\",\"has [redacted] inside\"]],"
                + "\"body\":\"{\\\"key\\\":\\\"[redacted]\\\"}\"}]"),
        json);
    assertFalse(entries().get(0).toJson().contains("s3cret"), () -> entries().get(0).toJson());
    assertEquals(1, sent.size());
  }

  @Test
  void capturedOutputIsEachTasksOwnAndItsCallers() {
    capture = true;
    limits = limits.with("max_output", "12");
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "main ");
          String child = sub(host, "child");
          FakeRuntime.print(grants, "!");
          return child;
        });
    runtime.task(
        "child",
        "{}",
        (call, grants, host) -> {
          FakeRuntime.print(grants, "child ");
          FakeRuntime.print(grants, "ééé");
          return "1";
        });
    Envelope envelope = run();
    assertTrue(envelope.result().contains("\"stdout\":\"child ééé\""), envelope::toJson);
    assertEquals("main child \ufffd", envelope.output().orElseThrow().stdout());
    assertTrue(envelope.output().orElseThrow().truncated());
    assertEquals("", stdout.toString(StandardCharsets.UTF_8));
  }

  @Test
  void moreOutputThanTheLimitIsDroppedWithANote() {
    limits = limits.with("max_output", "10");
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          for (int i = 0; i < 100; i++) {
            FakeRuntime.print(grants, "1234567");
          }
          return "1";
        });
    assertTrue(run().success());
    assertEquals("1234567123", stdout.toString(StandardCharsets.UTF_8));
    assertEquals(
        "[capsule] more output of main is dropped (limit max_output)\n",
        stderr.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aClosedPoolTakesNoTasks() {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    pool.close();
    assertError(run(), "cancelled", "no more tasks");
  }

  private static String sub(GuestHost host, String name) {
    return host.call(task(name)).join();
  }

  private static TaskCall task(String name) {
    return new TaskCall(name, "[1,\"a\"]", "{\"k\":2}", Optional.empty());
  }

  private void assertError(Envelope envelope, String type, String message) {
    assertFalse(envelope.success(), envelope::toJson);
    assertEquals(type, envelope.error().orElseThrow().errorType(), envelope::toJson);
    assertTrue(envelope.error().orElseThrow().message().contains(message), envelope::toJson);
  }

  private List<TraceEntry> entries() {
    trace.flush();
    return TraceStore.list(root.resolve(".capsule"));
  }

  private void awaitIdle() {
    while (runtime.live.get() > 0
        || entries().stream().anyMatch(entry -> !entry.state().isFinal())) {
      Thread.onSpinWait();
    }
  }

  private Envelope run() {
    return run("main");
  }

  private Envelope run(String task) {
    return start(task).result().join();
  }

  private Run start(String task) {
    Program program = InlineSources.program(Language.PYTHON, "main.py", "");
    Build build = runtime.build(program, null);
    TaskRegistry registry = TaskRegistry.of(build, TaskConfig.EMPTY, limits);
    Run.Setup setup =
        new Run.Setup(
            runtime,
            program,
            build,
            registry,
            limits,
            root,
            mounts,
            Environment.of(environment),
            OptionalLong.empty(),
            capture,
            stdout::write,
            stderr::write,
            Optional.of(trace),
            events::add);
    return Run.start(
        setup,
        pool,
        (call, rules, budget, cancellation, allowed) -> {
          allowed.run();
          sent.add(call);
          return CompletableFuture.completedFuture(
              new HttpReply.Response(call.url(), 200, List.of(), new byte[0]));
        },
        registry.find(task).orElseThrow(),
        new Invocation(task, "[]", "{}", List.of()));
  }
}
