package dev.capsule.benchmarks;

import java.util.List;

/** The time of the n-th round of a program in a new process. */
final class WarmUpSuite implements Suite {
  private static final String GROUP = "warm-up";

  @Override
  public List<String> groups() {
    return List.of(GROUP);
  }

  @Override
  public String about() {
    return "the time of the n-th round of one program in a new process";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    Rounds rounds = new Rounds(settings.rounds(25, 100), settings.quick() ? 8_000 : 20_000);
    List<GuestEngine> engines =
        GuestEngine.ALL.stream().filter(each -> !(each.isPeer() && each.isInterpreter())).toList();
    for (GuestLanguage language : GuestLanguage.values()) {
      if (GuestSuite.hasModule(settings, recorder, GROUP, language)) {
        new GuestSuite(settings, recorder, GROUP, language)
            .run(engines, List.of(GuestLanguage.MIXED), language.id() + ": ", rounds, 0, 1);
      }
    }
  }
}
