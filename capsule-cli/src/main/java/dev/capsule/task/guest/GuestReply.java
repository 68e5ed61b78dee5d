package dev.capsule.task.guest;

import java.util.Optional;

/**
 * How a task ended.
 *
 * @param outcome its result or its failure
 * @param fuel consumed by the task's own code
 * @param peakRam the largest size of the linear memory, in bytes
 */
public record GuestReply(Outcome outcome, long fuel, long peakRam) {

  /** A result or a failure. */
  public sealed interface Outcome permits Completed, Failed {}

  /**
   * The task returned.
   *
   * @param json text of one JSON value; it comes from the guest and is checked by the receiver
   */
  public record Completed(String json) implements Outcome {}

  /**
   * The task did not return.
   *
   * @param type why; {@link ErrorType#CANCELLED} whenever the cancellation made it stop (the
   *     receiver knows whether that was a timeout)
   * @param message what the guest's exception said, or what limit was hit
   * @param exception the type of the guest's exception, {@code ValueError}
   * @param traceback the guest's traceback or stack, in the guest's own format
   */
  public record Failed(
      ErrorType type, String message, Optional<String> exception, Optional<String> traceback)
      implements Outcome {

    /** A failure that is not an exception of the guest. */
    public Failed(ErrorType type, String message) {
      this(type, message, Optional.empty(), Optional.empty());
    }
  }
}
