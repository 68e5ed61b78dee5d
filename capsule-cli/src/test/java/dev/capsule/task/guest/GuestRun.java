package dev.capsule.task.guest;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.task.guest.javascript.JavaScriptGuest;
import dev.capsule.task.guest.python.PythonGuest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Runs a program in memory, with sub-tasks in sandboxes of their own and a host that echoes. */
public final class GuestRun {
  private static final Engine ENGINE = Engine.create();
  private static final PythonGuest PYTHON = new PythonGuest(ENGINE);
  private static final JavaScriptGuest JAVASCRIPT = new JavaScriptGuest(ENGINE);

  private final Program program;
  private GuestRuntime runtime;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<HttpCall> requests = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final Executor pool = action -> Thread.ofPlatform().daemon().start(action);

  public long fuel = 50_000_000_000L;
  public long ram = 512L << 20;
  public long maxResult = 1L << 20;
  public Map<String, String> environment = Map.of();
  public List<Preopen> preopens = List.of();
  public List<String> argv = List.of();
  public Cancellation cancellation = Cancellation.never();
  public OptionalLong seed = OptionalLong.empty();
  public Runnable whenStarted = () -> {};
  public Function<HttpCall, HttpReply> http =
      call ->
          new HttpReply.Response(
              call.url(),
              200,
              List.of(new HttpCall.Header("X-Method", call.method())),
              new byte[0]);

  public GuestRun(String entry, Map<String, String> files) {
    Language language = Language.ofFile(entry).orElseThrow();
    this.program = new Program(language, entry, new MapSources(files));
    this.runtime = language == Language.PYTHON ? PYTHON : JAVASCRIPT;
  }

  public static GuestRun python(String source) {
    return new GuestRun("main.py", Map.of("main.py", source));
  }

  public static GuestRun javaScript(String source) {
    return new GuestRun("main.mjs", Map.of("main.mjs", source));
  }

  private Grants grants() {
    return new Grants(
        fuel, ram, maxResult, preopens, environment, out::write, err::write, seed, cancellation);
  }

  public Build build() {
    return runtime.build(program, grants());
  }

  public GuestReply task(String name, String args, String kwargs) {
    return runtime.run(
        program,
        new Build(List.of(), Map.of()),
        new Invocation(name, args, kwargs, argv),
        grants(),
        new Host());
  }

  public GuestReply main(String args) {
    return task("main", args, "{}");
  }

  /** Runs main in an interpreter that was started for it. */
  public GuestReply mainFresh(String args) {
    GuestRuntime before = runtime;
    runtime = before == PYTHON ? PYTHON.withoutKept() : JAVASCRIPT.withoutKept();
    try {
      return main(args);
    } finally {
      runtime = before;
    }
  }

  /** The result of main, or an error that tells the failure. */
  public String result() {
    return result(main("[]"));
  }

  public static String result(GuestReply reply) {
    return switch (reply.outcome()) {
      case GuestReply.Completed completed -> completed.json();
      case GuestReply.Failed failed ->
          throw new AssertionError(failed + "\n" + failed.traceback().orElse(""));
    };
  }

  /** The failure of main, or an error that tells the result. */
  public GuestReply.Failed failure() {
    if (main("[]").outcome() instanceof GuestReply.Failed failed) {
      return failed;
    }
    throw new AssertionError("the task did not fail");
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  public List<HttpCall> requests() {
    return requests;
  }

  public List<String> calls() {
    return calls;
  }

  private final class Host implements GuestHost {
    @Override
    public void started() {
      whenStarted.run();
    }

    @Override
    public CompletableFuture<String> call(TaskCall call) {
      synchronized (calls) {
        calls.add(call.task() + call.args() + call.kwargs());
      }
      return CompletableFuture.supplyAsync(() -> envelope(call), pool);
    }

    private String envelope(TaskCall call) {
      String execution = ",\"execution\":{\"task_name\":\"" + call.task() + "\"}}";
      return switch (task(call.task(), call.args(), call.kwargs()).outcome()) {
        case GuestReply.Completed done ->
            "{\"success\":true,\"result\":" + done.json() + ",\"error\":null" + execution;
        case GuestReply.Failed failed ->
            "{\"success\":false,\"result\":null,\"error\":{\"error_type\":\""
                + failed.type().wireName()
                + "\",\"message\":\""
                + failed.message()
                + "\"}"
                + execution;
      };
    }

    @Override
    public CompletableFuture<HttpReply> http(HttpCall call) {
      synchronized (requests) {
        requests.add(call);
      }
      return CompletableFuture.supplyAsync(() -> http.apply(call), pool);
    }
  }
}
