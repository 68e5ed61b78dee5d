package dev.capsule.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rounds of programs in guest languages, over several forks. */
final class GuestSuite {
  /**
   * What a peer may use for all programs of a language, its start and its warm-up included, so that
   * a run comes to its end.
   */
  private static final double PEER_MILLIS = 60_000;

  private final Recorder recorder;
  private final String group;
  private final GuestLanguage language;
  private final GuestLauncher launcher;
  private final List<GuestEngine> withMemory = new ArrayList<>();

  GuestSuite(Settings settings, Recorder recorder, String group, GuestLanguage language) {
    this.recorder = recorder;
    this.group = group;
    this.language = language;
    this.launcher = new GuestLauncher(settings, recorder, group);
  }

  /** Whether the language's module is there; notes it if not. */
  static boolean hasModule(
      Settings settings, Recorder recorder, String group, GuestLanguage language) {
    Path module = language.module(settings);
    if (Files.isRegularFile(module)) {
      return true;
    }
    recorder.omit(new Omission(group, language.id(), "all", "there is no " + module));
    return false;
  }

  /**
   * Runs the programs in the engines.
   *
   * @param namePrefix what the measurements' names begin with, before the program
   * @param warmUpMillis how long each process runs something else before
   * @param forks how often processes are started anew; peers are measured in the first only
   */
  void run(
      List<GuestEngine> engines,
      List<String> programs,
      String namePrefix,
      Rounds rounds,
      double warmUpMillis,
      int forks) {
    Map<String, Map<GuestEngine, Measurement>> samples = new LinkedHashMap<>();
    programs.forEach(each -> samples.put(each, new LinkedHashMap<>()));
    List<GuestEngine> available = launcher.available(engines, language);
    try {
      for (int fork = 0; fork < forks; fork++) {
        boolean first = fork == 0;
        List<GuestEngine> now = available.stream().filter(each -> first || !each.isPeer()).toList();
        List<String> order = first ? programs : programs.reversed();
        fork(now, order, namePrefix, rounds, warmUpMillis, samples);
      }
    } catch (BenchmarkException e) {
      recorder.fail(new Omission(group, language.id(), "all", e.getMessage()));
    }
    samples.values().forEach(each -> each.values().forEach(recorder::add));
  }

  private void fork(
      List<GuestEngine> engines,
      List<String> programs,
      String namePrefix,
      Rounds rounds,
      double warmUpMillis,
      Map<String, Map<GuestEngine, Measurement>> samples) {
    List<Subject> subjects = launcher.start(engines, language, GuestLauncher.Mode.SERVE);
    List<Subject> alive = new ArrayList<>(subjects);
    try {
      for (Subject each : subjects) {
        try {
          Rounds.warmUp(each, GuestLanguage.MIXED, warmUpMillis);
        } catch (NoAnswerException e) {
          launcher.leaveOut(language.id(), each.engine(), e);
          alive.remove(each);
        }
      }
      for (String program : programs) {
        recorder.say(group + "/" + namePrefix + program);
        noteSlowPeers(alive, namePrefix + program);
        rounds
            .take(alive.stream().filter(each -> !isSpent(each)).toList(), program)
            .forEach(
                (subject, taken) -> {
                  Optional<NoAnswerException> failure = taken.failure();
                  if (failure.isPresent()) {
                    launcher.leaveOut(namePrefix + program, subject.engine(), failure.get());
                    alive.remove(subject);
                  } else {
                    Measurement one =
                        new Measurement(
                            group,
                            namePrefix + program,
                            subject.engine().name(),
                            "ms",
                            taken.millis(),
                            taken.millis().size() / 2,
                            taken.result());
                    samples.get(program).merge(subject.engine(), one, Measurement::and);
                  }
                });
      }
      alive.forEach(this::recordMemory);
      subjects.forEach(this::recordStart);
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  private void noteSlowPeers(List<Subject> alive, String program) {
    for (Subject each : alive) {
      if (isSpent(each)) {
        String reason = "its %.0f s for this language are used up".formatted(PEER_MILLIS / 1000);
        recorder.omit(new Omission(group, program, each.engine().name(), reason));
      }
    }
  }

  private static boolean isSpent(Subject subject) {
    return subject.engine().isPeer() && subject.spentMillis() > PEER_MILLIS;
  }

  private void recordMemory(Subject subject) {
    if (memoryIsNew(subject)) {
      subject
          .peakMemory()
          .ifPresent(
              megabytes ->
                  recorder.add(
                      new Measurement(
                          "memory",
                          language.id() + ": process with all programs",
                          subject.engine().name(),
                          "MB",
                          List.of(megabytes),
                          0,
                          "")));
    }
  }

  /** Peers need so long to get ready that this is their only process. */
  private void recordStart(Subject subject) {
    if (subject.engine().isPeer() && language.id().equals(group)) {
      String name = StartSuite.processName(language);
      List<Double> millis = List.of(subject.readyMillis());
      recorder.add(StartSuite.measured(name, subject.engine(), millis, 0, ""));
    }
  }

  private boolean memoryIsNew(Subject subject) {
    return language.id().equals(group)
        && !withMemory.contains(subject.engine())
        && withMemory.add(subject.engine());
  }
}
