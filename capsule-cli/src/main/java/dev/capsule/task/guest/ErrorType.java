package dev.capsule.task.guest;

import java.util.Locale;

/** Why a task failed; the wire name is the lower-case name. */
public enum ErrorType {
  /** The task's own code raised. */
  TASK_ERROR,
  /** Its time was up. */
  TIMEOUT,
  /** Its fuel was used up. */
  OUT_OF_FUEL,
  /** It needed more memory than granted. */
  OUT_OF_MEMORY,
  /** The sandbox trapped: unreachable, exhausted stack, damaged interpreter. */
  TRAP,
  /** It failed because a host was not granted. */
  HOST_DENIED,
  /** It failed because a file was not granted, or not for writing. */
  FILE_DENIED,
  /** A configuration was not acceptable. */
  INVALID_CONFIG,
  /** Its result cannot be carried: no JSON, or too large. */
  INVALID_RESULT,
  /** It was stopped from outside. */
  CANCELLED;

  /** The name in envelopes: {@code out_of_fuel}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
