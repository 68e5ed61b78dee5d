package dev.capsule.task;

import dev.capsule.task.envelope.Envelope;
import java.util.Optional;

/**
 * What came of a run.
 *
 * @param envelope the main task's report
 */
public record TaskResult(Envelope envelope) {

  /** Whether the task returned. */
  public boolean isSuccess() {
    return envelope.success();
  }

  /** The text of the JSON value that the task returned, {@code null} for a failure. */
  public String json() {
    return envelope.result();
  }

  /** Why the task failed. */
  public Optional<Envelope.Failure> error() {
    return envelope.error();
  }

  /** The envelope as one line of JSON. */
  @Override
  public String toString() {
    return envelope.toJson();
  }
}
