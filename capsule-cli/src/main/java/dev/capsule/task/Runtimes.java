package dev.capsule.task;

import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Language;
import dev.capsule.task.project.ProjectException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The interpreters that there are, one for each language. */
final class Runtimes {
  private final Map<Language, GuestRuntime> byLanguage = new EnumMap<>(Language.class);

  Runtimes(List<GuestRuntime> runtimes) {
    runtimes.forEach(runtime -> byLanguage.put(runtime.language(), runtime));
  }

  GuestRuntime of(Language language) {
    GuestRuntime runtime = byLanguage.get(language);
    if (runtime == null) {
      throw new ProjectException("There is no interpreter for " + language.id());
    }
    return runtime;
  }
}
