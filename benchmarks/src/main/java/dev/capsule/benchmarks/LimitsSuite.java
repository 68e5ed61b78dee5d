package dev.capsule.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** What each limit costs: the same programs with every limit off and on. */
final class LimitsSuite implements Suite {
  private static final String GROUP = "limits";

  private static final List<String> PROGRAMS = List.of("recursion", "template");

  private static final List<GuestEngine> ENGINES =
      Stream.of(
              "capsule-jit+off",
              "capsule-jit+epoch",
              "capsule-jit",
              "capsule-jit+fuel",
              "capsule-jit+timeout",
              "capsule-jit+ram",
              "capsule-jit+fuel+timeout+ram")
          .map(GuestEngine::own)
          .toList();

  @Override
  public List<String> groups() {
    return List.of(GROUP);
  }

  @Override
  public String about() {
    return "what fuel, timeout and memory limits cost: each on and off";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    Rounds rounds = new Rounds(settings.rounds(10, 25), settings.quick() ? 700 : 2_500, 1);
    for (GuestLanguage language : GuestLanguage.values()) {
      List<String> programs =
          PROGRAMS.stream().filter(each -> settings.wantsProgram(language.id(), each)).toList();
      if (programs.isEmpty()) {
        continue;
      }
      if (language == GuestLanguage.PYTHON && settings.programs().isEmpty()) {
        // The compiler needs a third of a minute for each of the seven processes.
        String reason = "too slow, unless named with --programs";
        recorder.omit(new Omission(GROUP, language.id(), "all", reason));
      } else if (GuestSuite.hasModule(settings, recorder, GROUP, language)) {
        new GuestSuite(settings, recorder, GROUP, language)
            .run(
                ENGINES,
                programs,
                language.id() + ": ",
                rounds,
                settings.quick() ? 1_500 : 4_000,
                settings.forks(1, 1));
      }
    }
  }
}
