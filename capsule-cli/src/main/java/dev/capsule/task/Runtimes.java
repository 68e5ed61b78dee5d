package dev.capsule.task;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.task.guest.GuestRuntime;
import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.javascript.JavaScriptGuest;
import dev.capsule.task.guest.python.PythonGuest;
import dev.capsule.task.project.ProjectException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The interpreters that there are, one for each language. */
final class Runtimes {
  /** Those of this distribution. One of each serves the process, so that their code is shared. */
  private static final class Bundled {
    private static final Engine ENGINE = Engine.create();
    private static final List<GuestRuntime> ALL =
        List.of(new PythonGuest(ENGINE), new JavaScriptGuest(ENGINE));
  }

  private final Map<Language, GuestRuntime> byLanguage = new EnumMap<>(Language.class);

  Runtimes(List<GuestRuntime> runtimes) {
    runtimes.forEach(runtime -> byLanguage.put(runtime.language(), runtime));
  }

  /** The interpreters of this distribution. */
  static List<GuestRuntime> bundled() {
    return Bundled.ALL;
  }

  GuestRuntime of(Language language) {
    GuestRuntime runtime = byLanguage.get(language);
    if (runtime == null) {
      throw new ProjectException("There is no interpreter for " + language.id());
    }
    return runtime;
  }
}
