package dev.capsule.task.schedule;

import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.envelope.Redactor;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Program;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.PathSpec;
import dev.capsule.task.policy.Policy;
import dev.capsule.task.project.Environment;
import dev.capsule.task.trace.TraceStore;
import dev.capsule.wasi.http.HttpBudget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of a program: its main task and all sub-tasks, and what they share. */
public final class Run {

  /**
   * What a run is made of.
   *
   * @param runtime the interpreter
   * @param program the program, sealed for running
   * @param build what is known of it
   * @param registry its tasks and their policies
   * @param limits the operator's ceilings
   * @param root what granted directories are relative to
   * @param mounts directories for every task, with what they are relative to
   * @param environment the variables that may be granted
   * @param seed if present: deterministic
   * @param capture whether envelopes hold what was printed
   * @param stdout standard output of all tasks; calls are not concurrent
   * @param stderr standard error, likewise
   * @param trace the record, if one is kept
   * @param listener hears what happens
   */
  public record Setup(
      GuestRuntime runtime,
      Program program,
      Build build,
      TaskRegistry registry,
      Limits limits,
      Path root,
      List<Mount> mounts,
      Environment environment,
      OptionalLong seed,
      boolean capture,
      OutputSink stdout,
      OutputSink stderr,
      Optional<TraceStore> trace,
      TaskEvent.Listener listener) {

    /**
     * Resolves the directories of a task, to say early what cannot be granted.
     *
     * @throws InvalidConfigException if one cannot
     */
    public void checkDirectories(Policy policy) {
      DirectoryGrants.resolve(policy, this);
    }
  }

  /**
   * A directory that the operator gives to every task.
   *
   * @param spec which and where
   * @param base what it is relative to and must stay in
   */
  public record Mount(PathSpec spec, Path base) {}

  private final Setup setup;
  private final SandboxPool pool;
  private final HttpGateway http;
  private final Redactor redactor;
  private final HttpBudget network;
  private final CancelScope scope = new CancelScope();
  private final CompletableFuture<Envelope> result = new CompletableFuture<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final OutputSink stdout;
  private final OutputSink stderr;

  private Run(Setup setup, SandboxPool pool, HttpGateway http) {
    this.setup = setup;
    this.pool = pool;
    this.http = http;
    Limits limits = setup.limits();
    network = HttpBudget.of(limits.maxRequests(), limits.maxUpload(), limits.maxDownload());
    List<String> granted =
        setup.registry().tasks().values().stream()
            .flatMap(task -> task.policy().env().stream())
            .distinct()
            .toList();
    redactor = new Redactor(setup.environment().select(granted).values());
    stdout = oneAtATime(setup.stdout());
    stderr = oneAtATime(setup.stderr());
  }

  /** Starts a run; the task need not be main. */
  public static Run start(
      Setup setup, SandboxPool pool, HttpGateway http, TaskRegistry.Entry task, Invocation call) {
    Run run = new Run(setup, pool, http);
    ScheduledTask main = new ScheduledTask(run, Optional.empty(), task.policy(), call, run.scope);
    main.result().thenAccept(run.result::complete);
    main.schedule();
    return run;
  }

  /** The main task's report; completes normally. */
  public CompletableFuture<Envelope> result() {
    return result;
  }

  /** Stops the main task and all sub-tasks. */
  public void cancel() {
    scope.request(CancelScope.Reason.CANCELLED);
  }

  Setup setup() {
    return setup;
  }

  SandboxPool pool() {
    return pool;
  }

  HttpGateway http() {
    return http;
  }

  Redactor redactor() {
    return redactor;
  }

  OutputSink stdout() {
    return stdout;
  }

  OutputSink stderr() {
    return stderr;
  }

  /** The budget of a task within that of its caller, or of the run. */
  HttpBudget budget(Optional<HttpBudget> caller, Policy policy) {
    return caller
        .orElse(network)
        .within(policy.maxRequests(), policy.maxUpload(), policy.maxDownload());
  }

  /** Counts an attempt; false if the run has had all that it may have. */
  boolean countAttempt() {
    return attempts.incrementAndGet() <= setup.limits().maxTasks();
  }

  private static OutputSink oneAtATime(OutputSink sink) {
    Object lock = new Object();
    return (bytes, offset, length) -> {
      synchronized (lock) {
        sink.write(bytes, offset, length);
      }
    };
  }
}
