package dev.capsule.task.guest;

/**
 * A program cannot be loaded: it does not parse, its top-level code raised or hit a limit. The
 * message says where.
 */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorType type;
  private final String traceback;

  /** {@code traceback} is in the guest's own format and may be empty. */
  public LoadException(ErrorType type, String message, String traceback) {
    super(message);
    this.type = type;
    this.traceback = traceback;
  }

  /** {@link ErrorType#TASK_ERROR} if the program itself is wrong, else the limit that was hit. */
  public ErrorType type() {
    return type;
  }

  /** The guest's traceback; empty if there is none. */
  public String traceback() {
    return traceback;
  }
}
