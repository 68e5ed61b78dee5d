package dev.capsule.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts engines with a guest language, each in a process of its own. */
final class GuestLauncher {
  /** What a process does for a request. */
  enum Mode {
    /** Runs a program in the interpreter that was started once. */
    SERVE,
    /** Starts a new instance of the interpreter. */
    START
  }

  private final Settings settings;
  private final Recorder recorder;
  private final String group;

  GuestLauncher(Settings settings, Recorder recorder, String group) {
    this.settings = settings;
    this.recorder = recorder;
    this.group = group;
  }

  /**
   * Those of the engines that were asked for and can run this language here; notes why the others
   * cannot.
   */
  List<GuestEngine> available(List<GuestEngine> engines, GuestLanguage language) {
    List<GuestEngine> available = new ArrayList<>();
    boolean node = Machine.node().isPresent();
    for (GuestEngine each : engines) {
      boolean isInterpreterOfThisLanguage =
          each.kind() != GuestEngine.Kind.NATIVE || language == GuestLanguage.JAVASCRIPT;
      if (!settings.wants(each.name()) || !isInterpreterOfThisLanguage) {
        continue;
      }
      if (each.needsNode() && !node) {
        omit(language.id(), each, "there is no node on the PATH");
      } else if (settings.quick() && settings.engines().isEmpty() && isSlow(each, language)) {
        omit(language.id(), each, "too slow for --quick");
      } else {
        available.add(each);
      }
    }
    return available;
  }

  /** Peers are, and so is the compiler alone until it has compiled what starts CPython. */
  private static boolean isSlow(GuestEngine engine, GuestLanguage language) {
    return engine.isPeer()
        || language == GuestLanguage.PYTHON && engine.name().startsWith("capsule-jit");
  }

  /** Starts the engines one after the other. Peers that do not get ready are left out. */
  List<Subject> start(List<GuestEngine> engines, GuestLanguage language, Mode mode) {
    List<Subject> subjects = new ArrayList<>();
    try {
      for (GuestEngine each : engines) {
        try {
          Subject subject = start(each, language, mode);
          subjects.add(subject);
          recorder.say(
              "%s/%s %s: ready after %.1f s"
                  .formatted(group, language.id(), each.name(), subject.readyMillis() / 1000));
        } catch (NoAnswerException e) {
          leaveOut(language.id(), each, e);
        }
      }
      return subjects;
    } catch (BenchmarkException e) {
      subjects.forEach(Subject::close);
      throw e;
    }
  }

  /**
   * Starts an engine.
   *
   * @throws NoAnswerException when it does not get ready
   */
  Subject start(GuestEngine engine, GuestLanguage language, Mode mode) {
    List<String> command = new ArrayList<>();
    if (engine.needsNode()) {
      command.addAll(List.of("node", "--no-warnings", resource("v8.mjs")));
    } else {
      command.addAll(Jvm.command(GuestProcess.class, jvmOptions(engine)));
    }
    command.add(engine.name());
    command.add(language.id());
    command.add(mode == Mode.SERVE ? "serve" : "start");
    command.add(language.module(settings).toAbsolutePath().toString());
    command.add(resource(language.source()));
    Path log = settings.directory().resolve(language.id() + "-" + engine.name() + ".log");
    return new Subject(engine, command, log);
  }

  private static List<String> jvmOptions(GuestEngine engine) {
    return engine.kind() == GuestEngine.Kind.OWN
        ? CapsuleVariant.of(engine.name()).jvmOptions()
        : List.of();
  }

  /** Notes why an engine is missing; for one of this project, and V8, that is a failure. */
  void leaveOut(String name, GuestEngine engine, NoAnswerException why) {
    if (engine.isPeer()) {
      omit(name, engine, why.getMessage());
    } else {
      recorder.fail(new Omission(group, name, engine.name(), why.getMessage()));
    }
  }

  private void omit(String name, GuestEngine engine, String reason) {
    recorder.omit(new Omission(group, name, engine.name(), reason));
  }

  private String resource(String name) {
    return Resources.copy(name, settings.directory().resolve("resources"))
        .toAbsolutePath()
        .toString();
  }
}
