package dev.capsule.engine.snapshot;

/** An instance cannot be taken as it is, or a snapshot does not fit. The message says why. */
public final class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
