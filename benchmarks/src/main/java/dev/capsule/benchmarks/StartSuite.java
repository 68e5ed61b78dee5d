package dev.capsule.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long an interpreter needs until it can run a program: in a new process, and once more. */
final class StartSuite implements Suite {
  private static final String GROUP = "start";
  private static final int PEER_STARTS = 1;

  @Override
  public List<String> groups() {
    return List.of(GROUP);
  }

  @Override
  public String about() {
    return "how long an interpreter takes to be ready: a new process, and a new instance in it";
  }

  @Override
  public void run(Settings settings, Recorder recorder) {
    for (GuestLanguage language : GuestLanguage.values()) {
      if (GuestSuite.hasModule(settings, recorder, GROUP, language)) {
        processes(settings, recorder, language);
        instances(settings, recorder, language);
      }
    }
  }

  private static void processes(Settings settings, Recorder recorder, GuestLanguage language) {
    String name = language.id() + ": new process";
    GuestLauncher launcher = new GuestLauncher(settings, recorder, GROUP);
    List<GuestEngine> order = new ArrayList<>(launcher.available(GuestEngine.ALL, language));
    Map<GuestEngine, List<Double>> samples = new LinkedHashMap<>();
    order.forEach(each -> samples.put(each, new ArrayList<>()));
    for (int fork = 0; fork < settings.forks(3, 8); fork++) {
      for (GuestEngine each : List.copyOf(order)) {
        if (each.isPeer() && fork >= PEER_STARTS) {
          continue;
        }
        try (Subject subject = launcher.start(each, language, GuestLauncher.Mode.SERVE)) {
          samples.get(each).add(subject.readyMillis());
        } catch (NoAnswerException e) {
          launcher.leaveOut(name, each, e);
          order.remove(each);
          samples.remove(each);
        }
      }
      Collections.reverse(order);
    }
    samples.forEach(
        (engine, each) ->
            recorder.add(new Measurement(GROUP, name, engine.name(), "ms", each, 0, "")));
  }

  private static void instances(Settings settings, Recorder recorder, GuestLanguage language) {
    String name = language.id() + ": new instance";
    GuestLauncher launcher = new GuestLauncher(settings, recorder, GROUP);
    List<GuestEngine> engines =
        launcher.available(GuestEngine.ALL, language).stream()
            .filter(each -> each.kind() != GuestEngine.Kind.NATIVE)
            .toList();
    Rounds rounds = new Rounds(settings.rounds(12, 40), settings.quick() ? 3_000 : 8_000);
    List<Subject> subjects = launcher.start(engines, language, GuestLauncher.Mode.START);
    try {
      rounds
          .take(subjects, "start")
          .forEach(
              (subject, taken) -> {
                if (taken.failure().isPresent()) {
                  launcher.leaveOut(name, subject.engine(), taken.failure().get());
                } else {
                  List<Double> millis = taken.millis();
                  recorder.add(
                      new Measurement(
                          GROUP,
                          name,
                          subject.engine().name(),
                          "ms",
                          millis,
                          millis.size() / 2,
                          taken.result()));
                }
              });
    } finally {
      subjects.forEach(Subject::close);
    }
  }
}
