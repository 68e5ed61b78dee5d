package dev.capsule.task.trace;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.task.envelope.JsonText;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One attempt of one task. Secrets are blacked out before they get here; arguments and results are
 * not recorded.
 *
 * @param id its name
 * @param run the id of the main task's first attempt, by which all attempts of a run are found
 * @param parent the attempt that called it
 * @param program the entry file
 * @param task the task's name
 * @param attempt 0, then 1 for the first retry
 * @param state where it is
 * @param createdAt milliseconds of the epoch
 * @param startedAt when its code began to run
 * @param endedAt when it ended
 * @param fuelLimit granted
 * @param fuelConsumed used
 * @param ramLimit bytes granted
 * @param ramUsed bytes, the peak
 * @param errorType why it failed
 * @param errorMessage the same for people
 * @param hostRequests text of a JSON list, as in the envelope
 */
public record TraceEntry(
    String id,
    String run,
    Optional<String> parent,
    String program,
    String task,
    int attempt,
    TraceState state,
    long createdAt,
    OptionalLong startedAt,
    OptionalLong endedAt,
    long fuelLimit,
    long fuelConsumed,
    long ramLimit,
    long ramUsed,
    Optional<String> errorType,
    Optional<String> errorMessage,
    String hostRequests) {

  /** The entry of an attempt that begins. */
  public static TraceEntry created(
      String id,
      String run,
      Optional<String> parent,
      String program,
      String task,
      int attempt,
      long createdAt,
      long fuelLimit,
      long ramLimit) {
    return new TraceEntry(
        id,
        run,
        parent,
        program,
        task,
        attempt,
        TraceState.CREATED,
        createdAt,
        OptionalLong.empty(),
        OptionalLong.empty(),
        fuelLimit,
        0,
        ramLimit,
        0,
        Optional.empty(),
        Optional.empty(),
        "[]");
  }

  /** The same attempt, now running. */
  public TraceEntry running(long now) {
    return change(
        TraceState.RUNNING, OptionalLong.of(now), endedAt, 0, 0, errorType, errorMessage, "[]");
  }

  /** The same attempt, now over. */
  public TraceEntry ended(
      TraceState last,
      long now,
      long fuel,
      long ram,
      Optional<String> type,
      Optional<String> message,
      String requests) {
    return change(last, startedAt, OptionalLong.of(now), fuel, ram, type, message, requests);
  }

  /** The same attempt, whose host process died. */
  public TraceEntry interrupted() {
    return change(
        TraceState.INTERRUPTED,
        startedAt,
        endedAt,
        fuelConsumed,
        ramUsed,
        errorType,
        Optional.of("the host process ended while the task ran"),
        hostRequests);
  }

  /** Milliseconds that its code ran, if that is known. */
  public OptionalLong durationMs() {
    return startedAt.isPresent() && endedAt.isPresent()
        ? OptionalLong.of(endedAt.getAsLong() - startedAt.getAsLong())
        : OptionalLong.empty();
  }

  private TraceEntry change(
      TraceState newState,
      OptionalLong started,
      OptionalLong ended,
      long fuel,
      long ram,
      Optional<String> type,
      Optional<String> message,
      String requests) {
    return new TraceEntry(
        id, run, parent, program, task, attempt, newState, createdAt, started, ended, fuelLimit,
        fuel, ramLimit, ram, type, message, requests);
  }

  /** As one line of JSON; absent values are null. */
  public String toJson() {
    StringBuilder out = new StringBuilder(320);
    out.append('{');
    text(out, "id", id);
    text(out.append(','), "run", run);
    raw(out.append(','), "parent", parent.map(JsonText::quote).orElse("null"));
    text(out.append(','), "program", program);
    text(out.append(','), "task_name", task);
    raw(out.append(','), "attempt", attempt);
    text(out.append(','), "state", state.wireName());
    raw(out.append(','), "created_at", createdAt);
    raw(out.append(','), "started_at", orNull(startedAt));
    raw(out.append(','), "ended_at", orNull(endedAt));
    raw(out.append(','), "duration_ms", orNull(durationMs()));
    raw(out.append(','), "fuel_limit", fuelLimit);
    raw(out.append(','), "fuel_consumed", fuelConsumed);
    raw(out.append(','), "ram_limit", ramLimit);
    raw(out.append(','), "ram_used", ramUsed);
    raw(out.append(','), "error_type", errorType.map(JsonText::quote).orElse("null"));
    raw(out.append(','), "error_message", errorMessage.map(JsonText::quote).orElse("null"));
    raw(out.append(','), "host_requests", hostRequests);
    return out.append('}').toString();
  }

  static TraceEntry fromJson(String json) {
    JsonObject in = JsonParser.parseString(json).getAsJsonObject();
    return new TraceEntry(
        in.get("id").getAsString(),
        in.get("run").getAsString(),
        optional(in, "parent").map(JsonElement::getAsString),
        in.get("program").getAsString(),
        in.get("task_name").getAsString(),
        in.get("attempt").getAsInt(),
        TraceState.of(in.get("state").getAsString()),
        in.get("created_at").getAsLong(),
        number(in, "started_at"),
        number(in, "ended_at"),
        in.get("fuel_limit").getAsLong(),
        in.get("fuel_consumed").getAsLong(),
        in.get("ram_limit").getAsLong(),
        in.get("ram_used").getAsLong(),
        optional(in, "error_type").map(JsonElement::getAsString),
        optional(in, "error_message").map(JsonElement::getAsString),
        in.get("host_requests").toString());
  }

  private static Optional<JsonElement> optional(JsonObject in, String key) {
    return Optional.ofNullable(in.get(key)).filter(value -> !value.isJsonNull());
  }

  private static OptionalLong number(JsonObject in, String key) {
    return optional(in, key)
        .map(value -> OptionalLong.of(value.getAsLong()))
        .orElseGet(OptionalLong::empty);
  }

  private static Object orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : "null";
  }

  private static void text(StringBuilder out, String key, String value) {
    raw(out, key, JsonText.quote(value));
  }

  private static void raw(StringBuilder out, String key, Object value) {
    out.append('"').append(key).append("\":").append(value);
  }
}
