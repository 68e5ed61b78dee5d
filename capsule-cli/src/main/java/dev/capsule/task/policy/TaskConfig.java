package dev.capsule.task.policy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.capsule.wasi.http.HostPattern;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A task's configuration as it was written: what is absent is empty. A key whose value is null
 * counts as absent; keys in either spelling, {@code allowed_files} or {@code allowedFiles}.
 *
 * @param name the task's name
 * @param compute fuel
 * @param ram bytes
 * @param timeout for each attempt
 * @param maxRetries attempts after the first
 * @param files directories
 * @param hosts allowed hosts
 * @param env names of environment variables
 * @param maxRequests HTTP requests, the task's sub-tasks included
 * @param maxDownload bytes of response bodies, likewise
 * @param maxUpload bytes of request bodies, likewise
 * @param ignored keys that mean nothing
 */
public record TaskConfig(
    Optional<String> name,
    OptionalLong compute,
    OptionalLong ram,
    Optional<Duration> timeout,
    OptionalInt maxRetries,
    Optional<List<PathSpec>> files,
    Optional<List<HostPattern>> hosts,
    Optional<List<String>> env,
    OptionalInt maxRequests,
    OptionalLong maxDownload,
    OptionalLong maxUpload,
    List<String> ignored) {

  /** Nothing configured. */
  public static final TaskConfig EMPTY = parse("{}");

  private static final Set<String> KEYS =
      Set.of(
          "name",
          "compute",
          "ram",
          "timeout",
          "max_retries",
          "maxRetries",
          "allowed_files",
          "allowedFiles",
          "allowed_hosts",
          "allowedHosts",
          "env_variables",
          "envVariables",
          "max_requests",
          "maxRequests",
          "max_download",
          "maxDownload",
          "max_upload",
          "maxUpload");

  /**
   * Parses the text of a JSON object.
   *
   * @throws InvalidConfigException if any value is not acceptable
   */
  public static TaskConfig parse(String json) {
    JsonObject object;
    try {
      JsonReader reader = new JsonReader(new StringReader(json));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      if (!element.isJsonObject()) {
        throw InvalidConfigException.of("config", Quantities.quote(json), "a JSON object");
      }
      object = element.getAsJsonObject();
    } catch (JsonParseException e) {
      throw InvalidConfigException.of("config", Quantities.quote(json), "a JSON object");
    }
    return new Reader(object).read();
  }

  private record Reader(JsonObject object) {

    TaskConfig read() {
      return new TaskConfig(
          value("name", "name").map(v -> string("name", v, "the task's name as text")),
          toLong(value("compute", "compute").map(v -> compute("compute", v))),
          toLong(value("ram", "ram").map(v -> bytes("ram", v))),
          value("timeout", "timeout").map(v -> timeout("timeout", v)),
          toInt(value("max_retries", "maxRetries").map(v -> count("max_retries", v))),
          list("allowed_files", "allowedFiles", TaskConfig.Reader::file),
          list(
              "allowed_hosts",
              "allowedHosts",
              (key, v) -> Quantities.host(key, string(key, v, "a list of host names"))),
          list("env_variables", "envVariables", Reader::variable),
          toInt(value("max_requests", "maxRequests").map(v -> count("max_requests", v))),
          toLong(value("max_download", "maxDownload").map(v -> bytes("max_download", v))),
          toLong(value("max_upload", "maxUpload").map(v -> bytes("max_upload", v))),
          object.keySet().stream().filter(key -> !KEYS.contains(key)).toList());
    }

    private Optional<JsonElement> value(String snake, String camel) {
      Optional<JsonElement> first = present(snake);
      Optional<JsonElement> second = snake.equals(camel) ? first : present(camel);
      if (first.isPresent() && second.isPresent() && !first.equals(second)) {
        throw new InvalidConfigException(
            snake, snake + ": also given as " + camel + " with another value; write one of them");
      }
      return first.or(() -> second);
    }

    private Optional<JsonElement> present(String key) {
      return Optional.ofNullable(object.get(key)).filter(v -> !v.isJsonNull());
    }

    private <T> Optional<List<T>> list(String snake, String camel, ElementParser<T> parser) {
      return value(snake, camel)
          .map(
              value -> {
                if (!value.isJsonArray()) {
                  throw InvalidConfigException.of(snake, shown(value), "a list");
                }
                List<T> list = new ArrayList<>();
                value.getAsJsonArray().forEach(element -> list.add(parser.parse(snake, element)));
                return List.copyOf(list);
              });
    }

    private static PathSpec file(String key, JsonElement value) {
      if (!value.isJsonObject()) {
        return PathSpec.parse(
            key, string(key, value, "a list of paths, or of objects {\"path\", \"mode\"}"));
      }
      JsonObject entry = value.getAsJsonObject();
      JsonElement path = entry.get("path");
      JsonElement mode = entry.get("mode");
      if (path == null) {
        throw InvalidConfigException.of(key, shown(value), "an object with a \"path\"");
      }
      PathSpec spec = PathSpec.parse(key, string(key, path, "a path as text"));
      return switch (mode == null || mode.isJsonNull() ? "rw" : string(key, mode, "a mode")) {
        case "rw", "read-write" -> spec;
        case "ro", "read-only" -> spec.readOnly();
        default ->
            throw new InvalidConfigException(
                key,
                key
                    + ": mode "
                    + shown(mode)
                    + " of "
                    + shown(path)
                    + " is not accepted; write \"read-only\" or \"read-write\"");
      };
    }

    private static String variable(String key, JsonElement value) {
      String accepted = "a list of names of environment variables";
      String name = string(key, value, accepted);
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        throw InvalidConfigException.of(key, shown(value), accepted);
      }
      return name;
    }

    private static long compute(String key, JsonElement value) {
      if (number(value).isPresent()) {
        return Quantities.fuel(key, number(value).get().toPlainString());
      }
      return Quantities.fuel(
          key, string(key, value, "\"LOW\", \"MEDIUM\", \"HIGH\" or a whole number"));
    }

    private static long bytes(String key, JsonElement value) {
      return Quantities.bytes(
          key, string(key, value, "text such as \"64MB\", so that the unit is known"));
    }

    private static Duration timeout(String key, JsonElement value) {
      if (number(value).isPresent()) {
        return Quantities.milliseconds(key, number(value).get());
      }
      return Quantities.duration(key, string(key, value, "text such as \"30s\" or milliseconds"));
    }

    private static int count(String key, JsonElement value) {
      Optional<BigDecimal> number = number(value);
      if (number.isEmpty()
          || number.get().signum() < 0
          || number.get().stripTrailingZeros().scale() > 0) {
        throw InvalidConfigException.of(key, shown(value), "a whole number from 0 on");
      }
      return number.get().min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
    }

    private static Optional<BigDecimal> number(JsonElement value) {
      if (!(value instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
        return Optional.empty();
      }
      String text = primitive.getAsString();
      int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
      if (text.length() > 60 || (exponent >= 0 && text.length() - exponent > 4)) {
        throw InvalidConfigException.of("number", Quantities.quote(text), "a smaller number");
      }
      BigDecimal number = new BigDecimal(text);
      return Optional.of(number.stripTrailingZeros().scale() <= 0 ? number.setScale(0) : number);
    }

    private static String string(String key, JsonElement value, String accepted) {
      if (value instanceof JsonPrimitive primitive && primitive.isString()) {
        return primitive.getAsString();
      }
      throw InvalidConfigException.of(key, shown(value), accepted);
    }

    private static String shown(JsonElement value) {
      String text = value.toString();
      return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private static OptionalLong toLong(Optional<Long> value) {
      return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private static OptionalInt toInt(Optional<Integer> value) {
      return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    private interface ElementParser<T> {
      T parse(String key, JsonElement value);
    }
  }

  /** This configuration, with {@code defaults} for the keys it does not have; lists replace. */
  public TaskConfig orElse(TaskConfig defaults) {
    return new TaskConfig(
        name,
        compute.isPresent() ? compute : defaults.compute,
        ram.isPresent() ? ram : defaults.ram,
        timeout.or(() -> defaults.timeout),
        maxRetries.isPresent() ? maxRetries : defaults.maxRetries,
        files.or(() -> defaults.files),
        hosts.or(() -> defaults.hosts),
        env.or(() -> defaults.env),
        maxRequests.isPresent() ? maxRequests : defaults.maxRequests,
        maxDownload.isPresent() ? maxDownload : defaults.maxDownload,
        maxUpload.isPresent() ? maxUpload : defaults.maxUpload,
        ignored);
  }
}
