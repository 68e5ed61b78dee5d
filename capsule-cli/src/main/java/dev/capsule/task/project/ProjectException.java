package dev.capsule.task.project;

/** Something on disk prevents a run: a missing file, a damaged configuration. */
public final class ProjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message says what and, if possible, what to do. */
  public ProjectException(String message) {
    super(message);
  }

  /** The same, with what caused it. */
  public ProjectException(String message, Throwable cause) {
    super(message, cause);
  }
}
