package dev.capsule.benchmarks;

import java.util.List;

/** Whole programs: CPython and QuickJS in every engine. */
final class ProgramsSuite implements Suite {
  @Override
  public List<String> groups() {
    return List.of(GuestLanguage.PYTHON.id(), GuestLanguage.JAVASCRIPT.id());
  }

  @Override
  public String about() {
    return "whole programs on CPython and QuickJS, in this project's tiers, V8 and the peers";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    for (GuestLanguage language : GuestLanguage.values()) {
      String group = language.id();
      if (settings.groups().contains(group)
          && GuestSuite.hasModule(settings, recorder, group, language)) {
        Rounds rounds = new Rounds(settings.rounds(13, 25), settings.quick() ? 1_000 : 3_000, 1);
        new GuestSuite(settings, recorder, group, language)
            .run(
                GuestEngine.ALL,
                language.programs(settings),
                "",
                rounds,
                settings.quick() ? 6_000 : 12_000,
                settings.forks(1, 2));
      }
    }
  }
}
