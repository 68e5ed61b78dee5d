package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Language;
import dev.capsule.task.policy.Quantities;
import dev.capsule.task.policy.TaskConfig;
import dev.capsule.task.schedule.TaskEvent;
import dev.capsule.task.trace.TraceEntry;
import dev.capsule.task.trace.TraceState;
import dev.capsule.task.trace.TraceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class CapsuleTest {
  @TempDir private Path temp;
  private final FakeRuntime runtime = new FakeRuntime();
  private Path root;
  private Path file;

  @BeforeEach
  void makeProject() throws IOException {
    root = temp.toRealPath();
    file = Files.writeString(root.resolve("main.py"), "text");
  }

  @Test
  void runsMainWithStringsAndKeepsTheBuild() {
    runtime.task("other", "{}", (call, grants, host) -> "0");
    runtime.task(
        "main", "{}", (call, grants, host) -> "[" + call.args() + "," + call.argv().size() + "]");
    try (Capsule capsule = capsule()) {
      for (int i = 0; i < 2; i++) {
        TaskResult result = capsule.start(request().arguments("a", "b\"")).join();
        assertTrue(result.isSuccess(), result::toString);
        assertEquals("[[\"a\",\"b\\\"\"],2]", result.json());
      }
    }
    assertEquals(1, runtime.builds.get());
    try (Capsule capsule = capsule()) {
      assertTrue(capsule.start(request()).join().isSuccess());
    }
    assertEquals(1, runtime.builds.get());
  }

  @Test
  @Differs(section = "Worker", topic = "edits", original = "not seen", here = "seen")
  void changesOfTheSourceOrTheRuntimeAreSeenWhileItLives() throws IOException {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    try (Capsule capsule = capsule()) {
      assertTrue(capsule.plan(request()).built());
      assertFalse(capsule.plan(request()).built());
      Files.writeString(file, "changed");
      assertTrue(capsule.plan(request()).built());
      runtime.identity("newer");
      assertTrue(capsule.plan(request()).built());
      assertFalse(capsule.plan(request()).built());
      assertTrue(capsule.build(request()).built());
    }
  }

  @Test
  void theFirstTaskRunsIfNoneIsCalledMain() {
    runtime.task("first", "{}", (call, grants, host) -> "1");
    runtime.task("second", "{}", (call, grants, host) -> "2");
    try (Capsule capsule = capsule()) {
      assertEquals("1", capsule.start(request()).join().json());
      TaskResult second = capsule.start(request().task("second").json("[1]", "{}")).join();
      assertEquals("2", second.json());
      assertEquals("second", second.envelope().execution().taskName());
    }
  }

  @Test
  void theProjectSetsDefaultsAndCeilings() throws IOException {
    Files.writeString(
        root.resolve("capsule.toml"),
        """
        [workflow]
        entrypoint = "main.py"
        [tasks]
        default_compute = "HIGH"
        default_ram = "3MB"
        [limits]
        compute = "1000"
        """);
    Files.writeString(root.resolve(".env"), "A=1\nB=2\n");
    runtime.task(
        "main",
        "{\"ram\":\"2MB\",\"env_variables\":[\"A\",\"C\"]}",
        (call, grants, host) ->
            "[" + grants.fuel() + "," + grants.ram() + ",\"" + grants.environment() + "\"]");
    try (Capsule capsule = capsule()) {
      TaskRequest request =
          TaskRequest.entrypoint().workingDirectory(root).environment(Map.of("C", "3"));
      String environment = capsule.start(request).join().json();
      assertTrue(environment.startsWith("[1000,2097152,"), environment);
      assertTrue(environment.contains("A=1") && environment.contains("C=3"), environment);
      assertFalse(environment.contains("B=2"), environment);
      assertTrue(
          capsule
              .start(request().limits(limits -> limits.with("compute", "77")))
              .join()
              .json()
              .startsWith("[77,"));
    }
  }

  @Test
  void aProgramCanBeAText() {
    runtime.task("main", "{}", (call, grants, host) -> String.valueOf(grants.fuel()));
    try (Capsule capsule = capsule()) {
      TaskRequest request =
          TaskRequest.source(Language.PYTHON, "eval.py", "code")
              .workingDirectory(root)
              .defaults(TaskConfig.parse("{\"compute\":\"LOW\"}"));
      assertEquals(String.valueOf(Quantities.LOW), capsule.start(request).join().json());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "missing.py| INVALID_CONFIG| does not exist",
        "notes.txt| INVALID_CONFIG| Unsupported extension in \"notes.txt\"",
        "broken.py| TASK_ERROR| Build failed: SyntaxError: line 1",
      })
  void whatPreventsARunIsAnException(String name, ErrorType type, String message)
      throws IOException {
    Files.writeString(root.resolve("notes.txt"), "");
    Files.writeString(root.resolve("broken.py"), "syntax error");
    runtime.task("main", "{}", (call, grants, host) -> "1");
    try (Capsule capsule = capsule()) {
      CapsuleException e =
          assertThrows(
              CapsuleException.class,
              () -> capsule.start(TaskRequest.file(root.resolve(name)).workingDirectory(root)));
      assertEquals(type, e.type());
      assertTrue(e.getMessage().contains(message), e.getMessage());
      assertEquals(name.equals("broken.py"), e.traceback().isPresent());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"ram\":512}| main.py:1, task \"main\": ram: 512",
        "{\"timeout\":\"30\"}| timeout: \"30\" is not accepted",
        "{\"allowed_files\":[\"missing\"]}| allowed_files: \"missing\"",
      })
  void invalidPoliciesPreventTheRun(String config, String message) {
    runtime.task("main", config, (call, grants, host) -> "1");
    try (Capsule capsule = capsule()) {
      CapsuleException e = assertThrows(CapsuleException.class, () -> capsule.start(request()));
      assertEquals(ErrorType.INVALID_CONFIG, e.type());
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"../x, --mount", ".capsule, belongs to Capsule", "/etc, absolute"})
  void invalidMountsPreventTheRun(String spec, String message) throws IOException {
    Files.createDirectories(root.resolve(".capsule"));
    runtime.task("main", "{}", (call, grants, host) -> "1");
    try (Capsule capsule = capsule()) {
      CapsuleException e =
          assertThrows(CapsuleException.class, () -> capsule.start(request().mount(spec)));
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }

  @Test
  void aProgramWithoutTasksCannotRun() {
    try (Capsule capsule = capsule()) {
      assertTrue(
          assertThrows(CapsuleException.class, () -> capsule.start(request()))
              .getMessage()
              .contains("declares no task"));
      runtime.task("a", "{}", (call, grants, host) -> "1");
      runtime.identity("2");
      assertTrue(
          assertThrows(CapsuleException.class, () -> capsule.start(request().task("b")))
              .getMessage()
              .contains("There is no task \"b\"; the program declares: a"));
    }
  }

  @Test
  void runsAreCancelledOneByOneAndAllAtTheEnd() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    List<TaskEvent> events = Collections.synchronizedList(new ArrayList<>());
    runtime.task(
        "main",
        "{}",
        (call, grants, host) -> {
          running.countDown();
          return FakeRuntime.untilStopped(grants);
        });
    TaskRun left;
    try (Capsule capsule = capsule()) {
      TaskRun first = capsule.start(request().listener(events::add));
      left = capsule.start(request());
      running.await();
      first.cancel();
      assertEquals("cancelled", first.join().error().orElseThrow().errorType());
      assertFalse(left.result().isDone());
    }
    assertEquals("cancelled", left.join().error().orElseThrow().errorType());
    assertEquals(2, events.size());
    assertEquals(
        List.of(TraceState.INTERRUPTED, TraceState.INTERRUPTED),
        TraceStore.list(root.resolve(".capsule")).stream().map(TraceEntry::state).toList());
  }

  @Test
  void aThousandRunsInOneProcess() {
    runtime.task("main", "{}", (call, grants, host) -> "1");
    try (Capsule capsule = Capsule.builder().runtime(runtime).parallel(4).build()) {
      List<TaskRun> runs =
          IntStream.range(0, 1000).mapToObj(i -> capsule.start(request())).toList();
      assertTrue(runs.stream().allMatch(run -> run.join().isSuccess()));
    }
    assertEquals(1, runtime.builds.get());
    assertTrue(runtime.most.get() <= 4);
    assertEquals(1000, TraceStore.list(root.resolve(".capsule")).size());
  }

  private Capsule capsule() {
    return Capsule.builder().runtime(runtime).build();
  }

  private TaskRequest request() {
    return TaskRequest.file(file).workingDirectory(root);
  }
}
