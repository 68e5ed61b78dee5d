package dev.capsule.task.schedule;

import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.Invocation;
import dev.capsule.task.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** One call of one task: as many attempts as it takes and as its policy allows. */
final class ScheduledTask {
  /** What another attempt would not change. */
  private static final Set<String> FINAL =
      Set.of(ErrorType.CANCELLED.wireName(), ErrorType.INVALID_CONFIG.wireName());

  private final Run run;
  private final Optional<Attempt> caller;
  private final Policy policy;
  private final Invocation invocation;
  private final CancelScope scope;
  private final int depth;
  private final CompletableFuture<Envelope> result = new CompletableFuture<>();
  private volatile boolean started;

  /** A call by {@code caller}, or the run's main task; {@code above} stops it. */
  ScheduledTask(
      Run run, Optional<Attempt> caller, Policy policy, Invocation invocation, CancelScope above) {
    this.run = run;
    this.caller = caller;
    this.policy = policy;
    this.invocation = invocation;
    this.scope = new CancelScope(above);
    this.depth = caller.map(Attempt::depth).orElse(0) + 1;
  }

  /** Completes normally, with the report of the last attempt. */
  CompletableFuture<Envelope> result() {
    return result;
  }

  /** Stops the call, also while it waits for its turn. */
  void cancel() {
    scope.request(CancelScope.Reason.CANCELLED);
  }

  /** Lets the call run when its turn comes. */
  void schedule() {
    // A call that is stopped while it waits has an answer at once; its turn then finds it over.
    scope.onRequest(
        () -> {
          if (!started) {
            result.complete(refusal(ErrorType.CANCELLED, "cancelled before it began"));
          }
        });
    try {
      run.pool().submit(depth, this::execute);
    } catch (RejectedExecutionException e) {
      result.complete(refusal(ErrorType.CANCELLED, "the host takes no more tasks"));
    }
  }

  private void execute() {
    started = true;
    try {
      result.complete(attempts());
    } catch (RuntimeException | Error e) {
      result.complete(refusal(ErrorType.TRAP, "fault of the host: " + e));
      throw e;
    } finally {
      scope.close();
    }
  }

  private Envelope attempts() {
    Envelope last =
        scope.isRequested()
            ? refusal(ErrorType.CANCELLED, "cancelled before it began")
            : refusal(
                ErrorType.TASK_ERROR,
                "the run has used up its "
                    + run.setup().limits().maxTasks()
                    + " tasks (limit max_tasks)");
    String runId = caller.map(Attempt::runId).orElse("");
    boolean again = !scope.isRequested();
    for (int number = 0; again && run.countAttempt(); number++) {
      Attempt attempt = new Attempt(run, caller, runId, policy, invocation, depth, number, scope);
      runId = attempt.runId();
      last = attempt.execute();
      again = number < policy.maxRetries() && isWorthRetrying(last);
      run.setup()
          .listener()
          .on(new TaskEvent.Ended(attempt.id(), policy.task(), depth, last, again));
    }
    return last;
  }

  private boolean isWorthRetrying(Envelope envelope) {
    return envelope.error().map(e -> !FINAL.contains(e.errorType())).orElse(false)
        && !scope.isRequested();
  }

  private Envelope refusal(ErrorType type, String message) {
    return refusal(policy.task(), type, message);
  }

  /** The report of a call that never ran. */
  static Envelope refusal(String task, ErrorType type, String message) {
    return Envelope.failure(
        new Envelope.Failure(type.wireName(), message, Optional.empty(), Optional.empty()),
        new Envelope.Execution(task, 0, 0, 0, 0, List.of()));
  }
}
