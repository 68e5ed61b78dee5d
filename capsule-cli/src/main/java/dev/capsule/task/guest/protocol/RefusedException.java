package dev.capsule.task.guest.protocol;

import com.google.gson.JsonObject;

/** A request that is answered with an error; the guest's code sees it as an exception. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;

  /**
   * Refuses a request.
   *
   * @param type the reason, for programs
   * @param message the reason, for people
   */
  public RefusedException(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  static RefusedException malformed(String message) {
    return new RefusedException("malformed", message);
  }

  /** The error object of the answer. */
  JsonObject toJson() {
    JsonObject error = new JsonObject();
    error.addProperty("type", type);
    error.addProperty("message", getMessage());
    return error;
  }
}
