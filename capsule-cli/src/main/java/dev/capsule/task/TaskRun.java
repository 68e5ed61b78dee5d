package dev.capsule.task;

import dev.capsule.task.schedule.Run;
import java.util.concurrent.CompletableFuture;

/** A run that was started. */
public final class TaskRun {
  private final Run run;
  private final CompletableFuture<TaskResult> result;

  TaskRun(Run run) {
    this.run = run;
    this.result = run.result().thenApply(TaskResult::new);
  }

  /** Completes normally when the run is over, also when the task failed. */
  public CompletableFuture<TaskResult> result() {
    return result.copy();
  }

  /** Waits for the end of the run. */
  public TaskResult join() {
    return result.join();
  }

  /** Stops the main task and all its sub-tasks; the result then says so. */
  public void cancel() {
    run.cancel();
  }
}
