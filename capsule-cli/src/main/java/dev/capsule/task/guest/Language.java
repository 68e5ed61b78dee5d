package dev.capsule.task.guest;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A language that tasks are written in. */
public enum Language {
  /** Python, {@code .py}. */
  PYTHON("python", List.of("py")),
  /** JavaScript and TypeScript, {@code .js}, {@code .mjs} and {@code .ts}. */
  JAVASCRIPT("javascript", List.of("js", "mjs", "ts"));

  private final String id;

  /** The extensions, without dot, that a program's entry file may have. */
  private final List<String> extensions;

  Language(String id, List<String> extensions) {
    this.id = id;
    this.extensions = extensions;
  }

  /** The name in messages and cache keys, lower case. */
  public String id() {
    return id;
  }

  /** The language of a file by its extension, in any case of letters. */
  public static Optional<Language> ofFile(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (Language language : values()) {
      if (name.contains(".") && language.extensions.contains(extension)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }
}
