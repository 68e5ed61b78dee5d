package dev.capsule.task.guest.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request of a guest. The guest controls every byte of it, so every reading method refuses what
 * is missing or of another type.
 */
public final class Request {
  /** Deeper values come from no honest guest: the SDKs stop earlier. */
  private static final int MAX_DEPTH = 512;

  private final JsonObject json;

  private Request(JsonObject json) {
    this.json = json;
  }

  /** Parses a request; refuses what is not an object. */
  public static Request parse(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_DEPTH);
    try {
      if (JsonParser.parseReader(reader) instanceof JsonObject object) {
        return new Request(object);
      }
    } catch (JsonParseException e) {
      throw RefusedException.malformed("the request is no JSON");
    }
    throw RefusedException.malformed("the request is no JSON object");
  }

  /** A string. */
  public String string(String key) {
    return optionalString(key)
        .orElseThrow(() -> RefusedException.malformed("'" + key + "' is missing or no string"));
  }

  /** A string; empty if it is missing or null. */
  public Optional<String> optionalString(String key) {
    JsonElement value = json.get(key);
    if (value == null || value.isJsonNull()) {
      return Optional.empty();
    }
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
      return Optional.of(value.getAsString());
    }
    throw RefusedException.malformed("'" + key + "' is no string");
  }

  /** A number; empty if it is missing or null. */
  public OptionalDouble number(String key) {
    JsonElement value = json.get(key);
    if (value == null || value.isJsonNull()) {
      return OptionalDouble.empty();
    }
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      double number = value.getAsDouble();
      if (Double.isFinite(number)) {
        return OptionalDouble.of(number);
      }
    }
    throw RefusedException.malformed("'" + key + "' is no number");
  }

  /** A whole number within the bounds. */
  public long integer(String key, long least, long most) {
    double number =
        number(key).orElseThrow(() -> RefusedException.malformed("'" + key + "' is missing"));
    if (number != Math.rint(number) || number < least || number > most) {
      throw RefusedException.malformed("'" + key + "' is not a whole number from " + least);
    }
    return (long) number;
  }

  /** A flag; false if it is missing. */
  public boolean flag(String key) {
    JsonElement value = json.get(key);
    return value != null
        && value.isJsonPrimitive()
        && value.getAsJsonPrimitive().isBoolean()
        && value.getAsBoolean();
  }

  /** An array. */
  public JsonArray array(String key) {
    if (json.get(key) instanceof JsonArray array) {
      return array;
    }
    throw RefusedException.malformed("'" + key + "' is missing or no array");
  }

  /** An object. */
  public JsonObject object(String key) {
    if (json.get(key) instanceof JsonObject object) {
      return object;
    }
    throw RefusedException.malformed("'" + key + "' is missing or no object");
  }

  /** Whether there is a value, be it null. */
  public boolean has(String key) {
    return json.has(key);
  }

  /** Any value, as text. */
  public String text(String key) {
    return json.get(key).toString();
  }

  /** Bytes in base64; empty if they are missing or null. */
  public Optional<byte[]> bytes(String key) {
    return optionalString(key)
        .map(
            text -> {
              try {
                return Base64.getDecoder().decode(text);
              } catch (IllegalArgumentException e) {
                throw RefusedException.malformed("'" + key + "' is not base64");
              }
            });
  }
}
