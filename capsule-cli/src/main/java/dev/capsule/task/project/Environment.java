package dev.capsule.task.project;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables that tasks may be granted: the process's own and those of the project's {@code
 * .env} files. They stay in this map; the process's environment is never changed, so nothing that
 * it starts inherits them.
 *
 * <p>The process's variables win. Among the files the more special wins: {@code .env.local} over
 * {@code .env.production} over {@code .env.development} over {@code .env}.
 */
public final class Environment {
  /** The files, the more special ones later. */
  static final List<String> FILES =
      List.of(".env", ".env.development", ".env.production", ".env.local");

  private final Map<String, String> values;

  private Environment(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** An environment of exactly these variables. */
  public static Environment of(Map<String, String> values) {
    return new Environment(values);
  }

  /**
   * The environment of a project.
   *
   * @throws ProjectException if a file cannot be read or understood
   */
  public static Environment load(Path root, Map<String, String> process) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : FILES) {
      Path file = root.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          DotenvParser.parse(Files.readString(file), values, process);
        } catch (MalformedInputException e) {
          throw new ProjectException("Failed to load " + file + ": it is not UTF-8", e);
        } catch (IOException | ProjectException e) {
          throw new ProjectException("Failed to load " + file + ": " + e.getMessage(), e);
        }
      }
    }
    values.putAll(process);
    return new Environment(values);
  }

  /** The variables of these names that exist. */
  public Map<String, String> select(List<String> names) {
    Map<String, String> selected = new LinkedHashMap<>();
    for (String name : names) {
      if (values.containsKey(name)) {
        selected.put(name, values.get(name));
      }
    }
    return selected;
  }
}
