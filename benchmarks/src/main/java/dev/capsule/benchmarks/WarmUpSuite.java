package dev.capsule.benchmarks;

import java.util.ArrayList;
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
    // A second round tells how far a peer's first one was from warm.
    Rounds rounds = new Rounds(settings.rounds(20, 100), settings.quick() ? 4_000 : 14_000, 2);
    for (GuestLanguage language : GuestLanguage.values()) {
      if (settings.wantsProgram(language.id(), GuestLanguage.MIXED)
          && GuestSuite.hasModule(settings, recorder, GROUP, language)) {
        new GuestSuite(settings, recorder, GROUP, language)
            .run(
                engines(language, settings, recorder),
                List.of(GuestLanguage.MIXED),
                language.id() + ": ",
                rounds,
                0,
                1);
      }
    }
  }

  /**
   * All, the one without limits, and what else of this project is named with --engines; on CPython
   * without peers, whose compilers need a minute until there is a first round.
   */
  private static List<GuestEngine> engines(
      GuestLanguage language, Settings settings, Recorder recorder) {
    List<GuestEngine> engines = new ArrayList<>();
    List<GuestEngine> peers = new ArrayList<>();
    for (GuestEngine each : GuestEngine.ALL) {
      if (!each.isPeer()) {
        engines.add(each);
      } else if (language == GuestLanguage.JAVASCRIPT
          || settings.quick()
          || settings.engines().contains(each.name())) {
        peers.add(each);
      } else if (settings.engines().isEmpty()) {
        String reason = "too slow on CPython for a curve, unless named with --engines";
        recorder.omit(new Omission(GROUP, language.id(), each.name(), reason));
      }
    }
    engines.add(GuestEngine.UNLIMITED);
    settings.engines().stream()
        .filter(CapsuleVariant::isChanged)
        .sorted()
        .map(GuestEngine::own)
        .filter(each -> !engines.contains(each))
        .forEach(engines::add);
    engines.addAll(peers);
    return engines;
  }
}
