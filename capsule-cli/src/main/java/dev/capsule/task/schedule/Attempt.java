package dev.capsule.task.schedule;

import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.envelope.HostRequest;
import dev.capsule.task.envelope.InvalidJsonException;
import dev.capsule.task.envelope.JsonText;
import dev.capsule.task.guest.Cancellation;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Grants;
import dev.capsule.task.guest.GuestHost;
import dev.capsule.task.guest.GuestReply;
import dev.capsule.task.guest.HttpCall;
import dev.capsule.task.guest.HttpReply;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.guest.OutputSink;
import dev.capsule.task.guest.Preopen;
import dev.capsule.task.guest.TaskCall;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Policy;
import dev.capsule.task.policy.TaskConfig;
import dev.capsule.task.trace.TraceEntry;
import dev.capsule.task.trace.TraceId;
import dev.capsule.task.trace.TraceState;
import dev.capsule.wasi.http.HttpBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One sandbox from its making to its end, and what the guest in it asks for. */
final class Attempt implements GuestHost {
  private static final int REPORTED_REQUESTS = 1_000;
  private static final int REPORTED_BODY = 16 << 10;

  private final Run run;
  private final Policy policy;
  private final Invocation invocation;
  private final int depth;
  private final int number;
  private final String id = TraceId.next(System.currentTimeMillis());
  private final String runId;
  private final CancelScope scope;
  private final HttpBudget network;
  private final Optional<OutputCapture> capture;
  private final Optional<Attempt> caller;
  private final List<HostRequest> requests = new ArrayList<>();
  private TraceEntry trace;
  private volatile long startedNanos = -1;
  private volatile Optional<ScheduledFuture<?>> timer = Optional.empty();

  /** An attempt at a task; {@code runId} is empty for the first one of a run. */
  Attempt(
      Run run,
      Optional<Attempt> caller,
      String runId,
      Policy policy,
      Invocation invocation,
      int depth,
      int number,
      CancelScope above) {
    this.run = run;
    this.caller = caller;
    this.runId = runId.isEmpty() ? id : runId;
    this.policy = policy;
    this.invocation = invocation;
    this.depth = depth;
    this.number = number;
    this.scope = new CancelScope(above);
    this.network = run.budget(caller.map(attempt -> attempt.network), policy);
    this.capture =
        run.setup().capture()
            ? Optional.of(new OutputCapture(run.setup().limits().maxOutput()))
            : Optional.empty();
    this.trace =
        TraceEntry.created(
            id,
            this.runId,
            caller.map(Attempt::id),
            run.setup().program().entry(),
            policy.task(),
            number,
            System.currentTimeMillis(),
            policy.fuel(),
            policy.ram());
  }

  String id() {
    return id;
  }

  String runId() {
    return runId;
  }

  int depth() {
    return depth;
  }

  /** Runs the task in a sandbox of its own and reports. */
  Envelope execute() {
    record(trace);
    GuestReply reply;
    try {
      reply =
          run.setup()
              .runtime()
              .run(run.setup().program(), run.setup().build(), invocation, grants(), this);
    } catch (InvalidConfigException e) {
      reply = failed(ErrorType.INVALID_CONFIG, e.getMessage());
    } catch (OutOfMemoryError e) {
      reply = failed(ErrorType.OUT_OF_MEMORY, "the host has no memory left for this task");
    } catch (StackOverflowError e) {
      reply = failed(ErrorType.TRAP, "call stack exhausted");
    } catch (RuntimeException e) {
      reply = failed(ErrorType.TRAP, "fault of the host: " + e);
    }
    long nanos = startedNanos < 0 ? 0 : System.nanoTime() - startedNanos;
    timer.ifPresent(pending -> pending.cancel(false));
    Optional<CancelScope.Reason> stopped = scope.reason();
    scope.close();
    Envelope envelope = report(judge(reply, stopped), reply, TimeUnit.NANOSECONDS.toMillis(nanos));
    record(ended(envelope));
    return envelope;
  }

  private static GuestReply failed(ErrorType type, String message) {
    return new GuestReply(new GuestReply.Failed(type, message), 0, 0);
  }

  private Grants grants() {
    return new Grants(
        policy.fuel(),
        policy.ram(),
        run.setup().limits().maxResult(),
        preopens(),
        run.setup().environment().select(policy.env()),
        sink(false),
        sink(true),
        run.setup().seed(),
        scope);
  }

  private List<Preopen> preopens() {
    return DirectoryGrants.resolve(policy, run.setup());
  }

  /** The way of what the guest prints: to whoever captures it, here and in the callers. */
  private OutputSink sink(boolean error) {
    OutputSink target = error ? run.stderr() : run.stdout();
    Runnable dropped =
        () -> {
          byte[] note =
              ("[capsule] more output of " + policy.task() + " is dropped (limit max_output)\n")
                  .getBytes(StandardCharsets.UTF_8);
          run.stderr().write(note, 0, note.length);
        };
    if (capture.isPresent()) {
      List<OutputSink> captures = new ArrayList<>();
      for (Optional<Attempt> at = Optional.of(this); at.isPresent(); at = at.get().caller) {
        at.get().capture.map(c -> error ? c.stderr() : c.stdout()).ifPresent(captures::add);
      }
      return (bytes, offset, length) -> captures.forEach(kept -> kept.write(bytes, offset, length));
    }
    return new LimitedSink(target, run.setup().limits().maxOutput(), dropped);
  }

  /** What became of the task, as the host sees it: its own clock outweighs the guest's word. */
  private Optional<Envelope.Failure> judge(GuestReply reply, Optional<CancelScope.Reason> stopped) {
    if (stopped.isPresent()) {
      return Optional.of(
          stopped.get() == CancelScope.Reason.TIMEOUT
              ? failure(
                  ErrorType.TIMEOUT,
                  "timeout after " + policy.timeout().orElseThrow().toMillis() + "ms")
              : failure(ErrorType.CANCELLED, "cancelled"));
    }
    return switch (reply.outcome()) {
      case GuestReply.Completed completed -> Optional.empty();
      case GuestReply.Failed failed ->
          Optional.of(
              new Envelope.Failure(
                  failed.type().wireName(),
                  failed.message(),
                  failed.exception(),
                  failed.traceback()));
    };
  }

  private Envelope report(Optional<Envelope.Failure> failure, GuestReply reply, long millis) {
    Envelope.Execution execution;
    synchronized (requests) {
      execution =
          new Envelope.Execution(
              policy.task(), millis, number, reply.fuel(), reply.peakRam(), List.copyOf(requests));
    }
    Envelope envelope;
    if (failure.isPresent()) {
      envelope = Envelope.failure(failure.get(), execution);
    } else {
      String json = ((GuestReply.Completed) reply.outcome()).json();
      envelope = Results.envelope(json, run.setup().limits().maxResult(), execution);
    }
    return capture.map(kept -> envelope.withOutput(kept.output())).orElse(envelope);
  }

  private static Envelope.Failure failure(ErrorType type, String message) {
    return new Envelope.Failure(type.wireName(), message, Optional.empty(), Optional.empty());
  }

  private TraceEntry ended(Envelope envelope) {
    Optional<Envelope.Failure> error = envelope.error().map(run.redactor()::redact);
    String type = error.map(Envelope.Failure::errorType).orElse("");
    TraceState state = envelope.success() ? TraceState.COMPLETED : TraceState.FAILED;
    if (type.equals(ErrorType.TIMEOUT.wireName())) {
      state = TraceState.TIMED_OUT;
    } else if (type.equals(ErrorType.CANCELLED.wireName())) {
      state = TraceState.INTERRUPTED;
    }
    StringBuilder list = new StringBuilder("[");
    for (HostRequest request : envelope.execution().hostRequests()) {
      list.append(list.length() > 1 ? "," : "");
      request.write(list);
    }
    return trace.ended(
        state,
        System.currentTimeMillis(),
        envelope.execution().fuelConsumed(),
        envelope.execution().ramUsed(),
        error.map(Envelope.Failure::errorType),
        error.map(Envelope.Failure::message),
        list.append(']').toString());
  }

  private void record(TraceEntry entry) {
    trace = entry;
    run.setup().trace().ifPresent(store -> store.put(entry));
  }

  @Override
  public void started() {
    if (startedNanos >= 0) {
      return;
    }
    startedNanos = System.nanoTime();
    policy
        .timeout()
        .ifPresent(
            limit ->
                timer =
                    Optional.of(
                        run.pool()
                            .after(
                                limit.toNanos(), () -> scope.request(CancelScope.Reason.TIMEOUT))));
    record(trace.running(System.currentTimeMillis()));
    run.setup().listener().on(new TaskEvent.Started(id, policy.task(), depth, number));
  }

  @Override
  public CompletableFuture<String> call(TaskCall call) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Envelope refused = null;
    try {
      Optional<TaskRegistry.Entry> task = run.setup().registry().find(call.task());
      if (task.isEmpty()) {
        refused =
            ScheduledTask.refusal(
                call.task(),
                ErrorType.TASK_ERROR,
                "there is no task "
                    + JsonText.quote(call.task())
                    + "; the program declares: "
                    + run.setup().registry().names());
      } else if (depth >= run.setup().limits().maxDepth()) {
        refused =
            ScheduledTask.refusal(
                call.task(),
                ErrorType.TASK_ERROR,
                "tasks may not call tasks deeper than "
                    + run.setup().limits().maxDepth()
                    + " (limit max_depth)");
      } else {
        start(task.get().policy(), call, answer);
      }
    } catch (InvalidConfigException e) {
      refused = ScheduledTask.refusal(call.task(), ErrorType.INVALID_CONFIG, e.getMessage());
    } catch (InvalidJsonException e) {
      refused =
          ScheduledTask.refusal(
              call.task(), ErrorType.TASK_ERROR, "arguments are not JSON: " + e.getMessage());
    }
    if (refused != null) {
      answer.complete(refused.toJson());
    }
    return answer;
  }

  private void start(Policy declared, TaskCall call, CompletableFuture<String> answer) {
    Policy narrowed =
        call.config().map(json -> declared.narrowedBy(TaskConfig.parse(json))).orElse(declared);
    Invocation nested =
        new Invocation(
            call.task(),
            Results.checked(call.args(), '[', run.setup().limits().maxResult()),
            Results.checked(call.kwargs(), '{', run.setup().limits().maxResult()),
            List.of());
    ScheduledTask task = new ScheduledTask(run, Optional.of(this), narrowed, nested, scope);
    Cancellation.Registration watch =
        scope.onRequest(
            () ->
                answer.complete(
                    ScheduledTask.refusal(call.task(), ErrorType.CANCELLED, "cancelled").toJson()));
    task.result().thenAccept(envelope -> answer.complete(envelope.toJson()));
    answer.whenComplete(
        (json, cancelled) -> {
          watch.close();
          if (answer.isCancelled()) {
            task.cancel();
          }
        });
    task.schedule();
  }

  @Override
  public CompletableFuture<HttpReply> http(HttpCall call) {
    return run.http().send(call, policy.hosts(), network, scope, () -> note(call));
  }

  private void note(HttpCall call) {
    HostRequest request =
        run.redactor()
            .redact(
                new HostRequest(
                    call.method().toUpperCase(Locale.ROOT),
                    call.url(),
                    Optional.of(call.headers()),
                    call.body().map(Attempt::bodyText)));
    synchronized (requests) {
      if (requests.size() < REPORTED_REQUESTS) {
        requests.add(request);
      }
    }
  }

  private static String bodyText(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') >= 0 || text.length() > REPORTED_BODY) {
      return "[" + body.length + " bytes]";
    }
    return text;
  }
}
