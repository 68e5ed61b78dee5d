package dev.capsule.task.schedule;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.capsule.task.envelope.Envelope;
import dev.capsule.task.envelope.InvalidJsonException;
import dev.capsule.task.envelope.JsonText;
import dev.capsule.task.guest.ErrorType;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Values that come from guests. */
final class Results {
  private static final Set<String> OWN_TYPES =
      Arrays.stream(ErrorType.values())
          .map(ErrorType::wireName)
          .collect(Collectors.toUnmodifiableSet());

  private Results() {}

  /**
   * The report of a task that returned this text. An object with {@code error_type} and {@code
   * message} is a failure that the task declares itself; it may use a name of its own for it, but
   * not one by which the host reports limits.
   */
  static Envelope envelope(String json, long most, Envelope.Execution execution) {
    if (json.length() > most) {
      return invalid(
          "the result has "
              + json.length()
              + " characters; at most "
              + most
              + " are carried (limit max_result)",
          execution);
    }
    JsonText.Value value;
    try {
      value = JsonText.check(json);
    } catch (InvalidJsonException e) {
      return invalid("the result cannot be carried as JSON: " + e.getMessage(), execution);
    }
    if (!value.keys().contains("error_type") || !value.keys().contains("message")) {
      return Envelope.success(value.text(), execution);
    }
    JsonObject object = JsonParser.parseString(value.text()).getAsJsonObject();
    String type = string(object.get("error_type"));
    return Envelope.failure(
        new Envelope.Failure(
            OWN_TYPES.contains(type) ? ErrorType.TASK_ERROR.wireName() : type,
            string(object.get("message")),
            Optional.empty(),
            Optional.empty()),
        execution);
  }

  /**
   * Text of a JSON array or object from a guest, to be passed on to another.
   *
   * @throws InvalidJsonException if it is something else or too large
   */
  static String checked(String json, char opening, long most) {
    if (json.length() > most) {
      throw new InvalidJsonException(
          json.length() + " characters, and at most " + most + " are carried (limit max_result)");
    }
    String text = JsonText.check(json).text();
    if (text.charAt(0) != opening) {
      throw new InvalidJsonException("no " + (opening == '[' ? "array" : "object"));
    }
    return text;
  }

  private static Envelope invalid(String message, Envelope.Execution execution) {
    return Envelope.failure(
        new Envelope.Failure(
            ErrorType.INVALID_RESULT.wireName(), message, Optional.empty(), Optional.empty()),
        execution);
  }

  private static String string(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()
        ? value.getAsString()
        : "";
  }
}
