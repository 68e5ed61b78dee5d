package dev.capsule.task.envelope;

/** Text that is not one JSON value; the message says why and where. */
public final class InvalidJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidJsonException(String message) {
    super(message);
  }
}
