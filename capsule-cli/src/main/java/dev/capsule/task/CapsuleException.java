package dev.capsule.task;

import dev.capsule.task.guest.ErrorType;
import java.util.Optional;

/**
 * Something prevented a run: a missing file, a program that does not load, a configuration that is
 * not accepted. What happens to a task that runs is in its {@link TaskResult} instead.
 */
public final class CapsuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorType type;
  private final String traceback;

  CapsuleException(ErrorType type, String message, String traceback, Throwable cause) {
    super(message, cause);
    this.type = type;
    this.traceback = traceback;
  }

  /**
   * {@link ErrorType#INVALID_CONFIG} for files, configurations and arguments; for a program that
   * does not load {@link ErrorType#TASK_ERROR} or the limit that it hit.
   */
  public ErrorType type() {
    return type;
  }

  /** The guest's traceback, if the program did not load. */
  public Optional<String> traceback() {
    return traceback.isEmpty() ? Optional.empty() : Optional.of(traceback);
  }
}
