package dev.capsule.task.guest.protocol;

import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.guest.GuestReply;

/** Ends a guest from within a host call: it has replied, or may not go on. Has no stack trace. */
public final class GuestEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient GuestReply.Outcome outcome;

  /** Ends the guest with this outcome. */
  public GuestEnd(GuestReply.Outcome outcome) {
    super("the guest has ended", null, false, false);
    this.outcome = outcome;
  }

  /** The guest was told to stop. */
  public static GuestEnd cancelled() {
    return new GuestEnd(new GuestReply.Failed(ErrorType.CANCELLED, "the task was stopped"));
  }

  /** How it ended. */
  public GuestReply.Outcome outcome() {
    return outcome;
  }
}
