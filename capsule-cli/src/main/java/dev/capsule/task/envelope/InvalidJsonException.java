package dev.capsule.task.envelope;

/** Text that is not one JSON value; the message says why and where. */
public final class InvalidJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message says why, and where if it is known. */
  public InvalidJsonException(String message) {
    super(message);
  }
}
