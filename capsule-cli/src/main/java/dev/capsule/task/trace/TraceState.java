package dev.capsule.task.trace;

import java.util.Locale;

/** Where an attempt is in its life. */
public enum TraceState {
  /** Its sandbox is being made. */
  CREATED,
  /** Its code runs. */
  RUNNING,
  /** It returned. */
  COMPLETED,
  /** It did not return. */
  FAILED,
  /** It was stopped because its time was up. */
  TIMED_OUT,
  /** It was stopped from outside: cancelled, or its host process died. */
  INTERRUPTED;

  /** The name in the store and on the screen. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of that name. */
  public static TraceState of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** Whether nothing more happens to the attempt. */
  public boolean isFinal() {
    return this != CREATED && this != RUNNING;
  }
}
