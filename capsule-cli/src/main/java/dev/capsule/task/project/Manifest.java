package dev.capsule.task.project;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.policy.TaskConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What a {@code capsule.toml} says. Unknown keys are ignored, except in {@code [limits]}, where a
 * misspelt key would be a missing limit.
 *
 * @param entrypoint the program to run when none is named, relative to the manifest
 * @param defaults for keys that a task does not have
 * @param limits ceilings
 */
public record Manifest(Optional<String> entrypoint, TaskConfig defaults, Limits limits) {
  /** A project without a manifest. */
  public static final Manifest NONE =
      new Manifest(Optional.empty(), TaskConfig.EMPTY, Limits.defaults());

  /** The file names, in the order in which they are looked for. */
  static final List<String> NAMES = List.of("capsule.toml", "Capsule.toml");

  private static final Map<String, String> TASK_KEYS =
      Map.of(
          "default_compute", "compute",
          "default_ram", "ram",
          "default_timeout", "timeout",
          "default_max_retries", "max_retries",
          "default_allowed_files", "allowed_files",
          "default_allowed_hosts", "allowed_hosts",
          "default_env_variables", "env_variables",
          "default_max_requests", "max_requests",
          "default_max_download", "max_download",
          "default_max_upload", "max_upload");

  /**
   * Reads a manifest.
   *
   * @throws ProjectException if it cannot be read or is not TOML
   * @throws InvalidConfigException if a value is not accepted
   */
  public static Manifest read(Path file) {
    TomlParseResult toml;
    try {
      toml = Toml.parse(Files.readString(file));
    } catch (IOException e) {
      throw new ProjectException("Cannot read " + file + ": " + e.getMessage(), e);
    }
    if (toml.hasErrors()) {
      throw new ProjectException("Parse error in " + file + ": " + toml.errors().get(0).toString());
    }
    try {
      return new Manifest(
          table(toml, "workflow").map(workflow -> text(workflow, "workflow", "entrypoint")),
          table(toml, "tasks").map(Manifest::defaults).orElse(TaskConfig.EMPTY),
          table(toml, "limits").map(Manifest::limits).orElse(Limits.defaults()));
    } catch (InvalidConfigException e) {
      throw e.in(file.toString());
    }
  }

  private static Optional<TomlTable> table(TomlTable parent, String key) {
    Object value = parent.get(List.of(key));
    if (value != null && !(value instanceof TomlTable)) {
      throw InvalidConfigException.of(key, shown(value), "a table, [" + key + "]");
    }
    return Optional.ofNullable((TomlTable) value);
  }

  private static String text(TomlTable table, String name, String key) {
    Object value = table.get(List.of(key));
    if (value != null && !(value instanceof String)) {
      throw InvalidConfigException.of(name + "." + key, shown(value), "text");
    }
    return (String) value;
  }

  private static TaskConfig defaults(TomlTable tasks) {
    JsonObject config = new JsonObject();
    TASK_KEYS.forEach(
        (key, name) -> {
          Object value = tasks.get(List.of(key));
          if (value instanceof TomlTable level && key.equals("default_compute")) {
            value = level.get(List.of("custom"));
            if (!(value instanceof Long)) {
              throw InvalidConfigException.of(
                  "tasks." + key, shown(level.toMap()), "{ custom = 5000000 } or a level's name");
            }
          }
          if (value != null) {
            config.add(name, json("tasks." + key, value));
          }
        });
    try {
      return TaskConfig.parse(config.toString());
    } catch (InvalidConfigException e) {
      throw e.in("[tasks], default_" + e.key());
    }
  }

  private static Limits limits(TomlTable table) {
    Limits.Builder limits = Limits.defaults().toBuilder();
    for (String key : table.keySet()) {
      Object value = table.get(List.of(key));
      try {
        if (value instanceof TomlArray array) {
          limits.set(key, strings(key, array));
        } else if (value instanceof String || value instanceof Long) {
          limits.set(key, value.toString());
        } else {
          throw InvalidConfigException.of(key, shown(value), "text, a whole number or a list");
        }
      } catch (InvalidConfigException e) {
        throw e.in("[limits]");
      }
    }
    return limits.build();
  }

  private static List<String> strings(String key, TomlArray array) {
    List<String> strings = new ArrayList<>();
    for (Object element : array.toList()) {
      if (!(element instanceof String text)) {
        throw InvalidConfigException.of(key, shown(element), "a list of text");
      }
      strings.add(text);
    }
    return strings;
  }

  private static JsonElement json(String key, Object value) {
    return switch (value) {
      case String text -> new JsonPrimitive(text);
      case Number number -> new JsonPrimitive(number);
      case TomlArray array -> {
        JsonArray list = new JsonArray();
        array.toList().forEach(element -> list.add(json(key, element)));
        yield list;
      }
      case TomlTable table -> {
        JsonObject object = new JsonObject();
        table.keySet().forEach(name -> object.add(name, json(key, table.get(List.of(name)))));
        yield object;
      }
      default -> throw InvalidConfigException.of(key, shown(value), "text, a number or a list");
    };
  }

  private static String shown(Object value) {
    return value instanceof TomlTable table ? table.toJson().strip() : String.valueOf(value);
  }
}
