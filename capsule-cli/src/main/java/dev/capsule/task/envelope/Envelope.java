package dev.capsule.task.envelope;

import java.util.List;
import java.util.Optional;

/**
 * The report of one task's execution.
 *
 * @param success whether the task returned
 * @param result text of a JSON value, checked; {@code null} for a failure
 * @param error why it failed
 * @param execution what it took
 * @param output what it printed, if that was captured
 */
public record Envelope(
    boolean success,
    String result,
    Optional<Failure> error,
    Execution execution,
    Optional<Output> output) {

  /**
   * Why a task failed.
   *
   * @param errorType an {@link dev.capsule.task.guest.ErrorType}'s wire name, or a name that the
   *     task chose itself
   * @param message for people
   * @param exception type of the guest's exception
   * @param traceback the guest's
   */
  public record Failure(
      String errorType, String message, Optional<String> exception, Optional<String> traceback) {}

  /**
   * What a task took.
   *
   * @param taskName its name
   * @param durationMs milliseconds of the last attempt
   * @param retries attempts after the first
   * @param fuelConsumed by the last attempt
   * @param ramUsed bytes, the peak of the last attempt
   * @param hostRequests of the last attempt, secrets blacked out
   */
  public record Execution(
      String taskName,
      long durationMs,
      int retries,
      long fuelConsumed,
      long ramUsed,
      List<HostRequest> hostRequests) {
    /** Keeps its own copy of the list. */
    public Execution {
      hostRequests = List.copyOf(hostRequests);
    }
  }

  /**
   * What a task printed.
   *
   * @param stdout standard output, what is not UTF-8 replaced
   * @param stderr standard error, likewise
   * @param truncated whether more was printed than is kept
   */
  public record Output(String stdout, String stderr, boolean truncated) {}

  /** The report of a success. */
  public static Envelope success(String result, Execution execution) {
    return new Envelope(true, result, Optional.empty(), execution, Optional.empty());
  }

  /** The report of a failure. */
  public static Envelope failure(Failure error, Execution execution) {
    return new Envelope(false, "null", Optional.of(error), execution, Optional.empty());
  }

  /** This report and what the task printed. */
  public Envelope withOutput(Output captured) {
    return new Envelope(success, result, error, execution, Optional.of(captured));
  }

  /** As one line of JSON, keys in the documented order. */
  public String toJson() {
    StringBuilder out = new StringBuilder(result.length() + 256);
    out.append("{\"success\":").append(success);
    out.append(",\"result\":").append(result);
    out.append(",\"error\":");
    error.ifPresentOrElse(failure -> write(failure, out), () -> out.append("null"));
    out.append(",\"execution\":{\"task_name\":");
    JsonText.quote(execution.taskName, out);
    out.append(",\"duration_ms\":").append(execution.durationMs);
    out.append(",\"retries\":").append(execution.retries);
    out.append(",\"fuel_consumed\":").append(execution.fuelConsumed);
    out.append(",\"ram_used\":").append(execution.ramUsed);
    out.append(",\"host_requests\":[");
    String comma = "";
    for (HostRequest request : execution.hostRequests) {
      out.append(comma);
      request.write(out);
      comma = ",";
    }
    out.append("]}");
    output.ifPresent(
        captured -> {
          out.append(",\"output\":{\"stdout\":");
          JsonText.quote(captured.stdout, out);
          out.append(",\"stderr\":");
          JsonText.quote(captured.stderr, out);
          out.append(",\"truncated\":").append(captured.truncated).append('}');
        });
    return out.append('}').toString();
  }

  private static void write(Failure failure, StringBuilder out) {
    out.append("{\"error_type\":");
    JsonText.quote(failure.errorType, out);
    out.append(",\"message\":");
    JsonText.quote(failure.message, out);
    failure.exception.ifPresent(
        type -> {
          out.append(",\"exception\":");
          JsonText.quote(type, out);
        });
    failure.traceback.ifPresent(
        text -> {
          out.append(",\"traceback\":");
          JsonText.quote(text, out);
        });
    out.append('}');
  }
}
