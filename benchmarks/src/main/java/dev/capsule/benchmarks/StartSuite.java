package dev.capsule.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long an interpreter needs until it can run a program: in a new process, and once more. */
final class StartSuite implements Suite {
  private static final String GROUP = "start";

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
      if (settings.wantsProgram(language.id())
          && GuestSuite.hasModule(settings, recorder, GROUP, language)) {
        processes(settings, recorder, language);
        instances(settings, recorder, language);
      }
    }
  }

  /** New processes; for peers, who are slow, those of the programs count. */
  private static void processes(Settings settings, Recorder recorder, GuestLanguage language) {
    String name = processName(language);
    GuestLauncher launcher = new GuestLauncher(settings, recorder, GROUP);
    List<GuestEngine> ours = GuestEngine.ALL.stream().filter(each -> !each.isPeer()).toList();
    List<GuestEngine> order = new ArrayList<>(launcher.available(ours, language));
    Map<GuestEngine, List<Double>> samples = new LinkedHashMap<>();
    order.forEach(each -> samples.put(each, new ArrayList<>()));
    recorder.say("start/" + name);
    int forks = language == GuestLanguage.PYTHON ? settings.forks(1, 3) : settings.forks(3, 7);
    for (int fork = 0; fork < forks; fork++) {
      for (GuestEngine each : List.copyOf(order)) {
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
    samples.forEach((engine, each) -> recorder.add(measured(name, engine, each, 0, "")));
  }

  /** What the time until a process is ready is called. */
  static String processName(GuestLanguage language) {
    return language.id() + ": new process";
  }

  /** A measurement of this group. */
  static Measurement measured(
      String name, GuestEngine engine, List<Double> millis, int warmup, String result) {
    return new Measurement(GROUP, name, engine.name(), "ms", millis, warmup, result);
  }

  private static void instances(Settings settings, Recorder recorder, GuestLanguage language) {
    String name = language.id() + ": new instance";
    GuestLauncher launcher = new GuestLauncher(settings, recorder, GROUP);
    boolean withPeers = language == GuestLanguage.JAVASCRIPT || !settings.engines().isEmpty();
    List<GuestEngine> wasm =
        GuestEngine.ALL.stream()
            .filter(each -> each.kind() != GuestEngine.Kind.NATIVE)
            .filter(each -> withPeers || !each.isPeer())
            .toList();
    if (!withPeers) {
      String reason = "too slow on CPython, unless named with --engines";
      recorder.omit(new Omission(GROUP, name, "peers", reason));
    }
    Rounds rounds = new Rounds(settings.rounds(10, 20), settings.quick() ? 1_000 : 3_000, 2);
    recorder.say("start/" + name);
    List<Subject> subjects =
        launcher.start(launcher.available(wasm, language), language, GuestLauncher.Mode.START);
    try {
      rounds
          .take(subjects, "start")
          .forEach(
              (subject, taken) -> {
                GuestEngine engine = subject.engine();
                List<Double> millis = taken.millis();
                if (taken.failure().isPresent()) {
                  launcher.leaveOut(name, engine, taken.failure().get());
                  return;
                }
                recorder.add(measured(name, engine, millis, millis.size() / 2, taken.result()));
              });
    } finally {
      subjects.forEach(Subject::close);
    }
  }
}
