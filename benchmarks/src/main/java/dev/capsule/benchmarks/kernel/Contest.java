package dev.capsule.benchmarks.kernel;

import dev.capsule.benchmarks.CapsuleVariant;
import dev.capsule.benchmarks.Machine;
import dev.capsule.benchmarks.Measurement;
import dev.capsule.benchmarks.NoAnswerException;
import dev.capsule.benchmarks.Omission;
import dev.capsule.benchmarks.Recorder;
import dev.capsule.benchmarks.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One work in all engines. Every engine has a process; each warms up alone, then they take turns,
 * every other round in reverse order, so that what disturbs the machine disturbs all.
 */
final class Contest {
  /** So many rounds at least in every fork, however slow the engine is. */
  private static final int LEAST = 3;

  private static final int PEERS_LEAST = 1;

  private static final int WARM_UPS_AT_MOST = 400;

  /** A peer whose first round takes longer has warmed up within it, and is not asked again. */
  private static final int SLOW_MILLIS = 1500;

  /** So much of what an engine says is enough for a report; all of it is in the log. */
  private static final int REASON = 100;

  private final Work work;
  private final double megabytes;
  private final Settings settings;
  private final Path scratch;
  private final Map<KernelEngine, Measurement> figures = new LinkedHashMap<>();
  private final Map<KernelEngine, String> refusals = new LinkedHashMap<>();
  private final Map<KernelEngine, String> failures = new LinkedHashMap<>();

  Contest(Work work, double megabytes, Settings settings, Path scratch) {
    this.work = work;
    this.megabytes = megabytes;
    this.settings = settings;
    this.scratch = scratch;
  }

  /** Holds it, and hands in the figures; an engine of this project that fails is a failure. */
  void run(Recorder recorder) {
    recorder.say(work.group() + "/" + work.name());
    for (int i = 0; i < settings.forks(1, 2); i++) {
      fork(i == 0);
    }
    figures.values().forEach(recorder::add);
    refusals.forEach(
        (engine, reason) ->
            recorder.omit(new Omission(work.group(), work.name(), engine.name(), reason)));
    failures.forEach(
        (engine, reason) ->
            recorder.fail(new Omission(work.group(), work.name(), engine.name(), reason)));
  }

  private void fork(boolean first) {
    List<Participant> started = new ArrayList<>();
    try {
      for (KernelEngine each : KernelEngine.ALL) {
        if (takesPart(each, first)) {
          started.add(new Participant(each, command(each), errors(each)));
        }
      }
      List<Participant> ready = new ArrayList<>(started);
      ready.removeIf(each -> !answers(each, each::awaitReady));
      Map<Participant, Integer> warmups = new LinkedHashMap<>();
      ready.removeIf(each -> !answers(each, () -> warmups.put(each, warmUp(each))));
      List<Participant> taking = new ArrayList<>(ready);
      taking.removeIf(each -> warmups.get(each) == 0);
      takeTurns(taking);
      ready.removeIf(each -> failures.containsKey(each.engine()));
      ready.removeIf(each -> refusals.containsKey(each.engine()));
      ready.forEach(each -> collect(each, warmups.get(each)));
    } finally {
      started.forEach(Participant::close);
    }
  }

  /** Whether an engine is started; notes why it is not where it should have been. */
  private boolean takesPart(KernelEngine engine, boolean first) {
    if (!settings.wants(engine.name())
        || !work.concerns(engine)
        || refusals.containsKey(engine)
        || failures.containsKey(engine)) {
      return false;
    }
    Optional<String> other = work.leftOut(engine, settings.quick());
    if (other.isPresent() && settings.engines().isEmpty()) {
      refusals.put(engine, other.get());
      return false;
    }
    if (engine.extra() && settings.quick() && settings.engines().isEmpty()) {
      refusals.put(engine, "not with --quick");
      return false;
    }
    if (engine.name().equals(KernelEngine.V8) && Machine.node().isEmpty()) {
      refusals.put(engine, "no node on the PATH");
      return false;
    }
    return first || engine.isForked();
  }

  /**
   * How many rounds were warm-up; none where a peer's first round is all that there is time for.
   */
  private int warmUp(Participant one) {
    // Interpreters warm up within their first rounds; HotSpot may give up a kernel several times.
    int budget = one.engine().interpreter() ? 200 : settings.quick() ? 350 : 1_700;
    int rounds = 0;
    do {
      one.round();
      rounds++;
      // A compiler that sees through a kernel makes a round of nothing.
    } while (one.millis() < budget && rounds < WARM_UPS_AT_MOST);
    boolean isSlow = !one.engine().isForked() && one.millis() > SLOW_MILLIS;
    return isSlow && rounds == 1 ? 0 : rounds;
  }

  private void takeTurns(List<Participant> ready) {
    int budget = settings.quick() ? 120 : 500;
    int rounds = settings.rounds(7, 15);
    List<Participant> order = new ArrayList<>(ready);
    Map<Participant, Long> begun = new LinkedHashMap<>();
    ready.forEach(each -> begun.put(each, each.millis()));
    for (int round = 0; round < rounds; round++) {
      for (Participant each : order) {
        int least = Math.min(rounds, each.engine().isForked() ? LEAST : PEERS_LEAST);
        boolean goesOn = round < least || each.millis() - begun.get(each) < budget;
        if (goesOn && !answers(each, each::round)) {
          ready.remove(each);
        }
      }
      order.retainAll(ready);
      Collections.reverse(order);
    }
  }

  /** Whether an engine does what it is asked to; notes why it does not. */
  private boolean answers(Participant one, Runnable request) {
    try {
      request.run();
      return true;
    } catch (NoAnswerException e) {
      String said = e.getMessage();
      KernelEngine engine = one.engine();
      if (engine.peer() || said.contains(UnsupportedOperationException.class.getName())) {
        String reason = said.replaceFirst("^[a-zA-Z.]*[.][a-zA-Z]*(Exception|Error): ", "");
        refusals.put(
            engine, reason.length() > REASON ? reason.substring(0, REASON) + " ..." : reason);
      } else {
        failures.put(engine, said);
      }
      return false;
    }
  }

  private void collect(Participant one, int warmup) {
    List<Double> samples = one.nanos().stream().map(each -> work.figure(each, megabytes)).toList();
    Measurement measured =
        new Measurement(
            work.group(),
            work.name(),
            one.engine().name(),
            work.unit(),
            samples,
            warmup,
            one.result());
    figures.merge(one.engine(), measured, Measurement::and);
  }

  private Path errors(KernelEngine engine) {
    return settings.directory().resolve(work.name() + "-" + engine.name() + ".log");
  }

  private List<String> command(KernelEngine engine) {
    String module = scratch.resolve("module.wasm").toString();
    if (engine.name().equals(KernelEngine.V8)) {
      return List.of(
          "node",
          // Compilation is complete when it says so; the baseline compiler, as by default.
          "--no-wasm-lazy-compilation",
          "--no-warnings",
          scratch.resolve("v8.mjs").toString(),
          work.name(),
          Integer.toString(work.size()),
          module);
    }
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    if (work.group().equals(Work.ENGINE)) {
      // One thread validates and compiles; HotSpot's own compilers share its processor's time.
      command.add("-XX:ActiveProcessorCount=1");
    }
    if (engine.isCapsule()) {
      command.addAll(CapsuleVariant.of(engine.name()).jvmOptions());
    }
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KernelProcess.class.getName(),
            engine.name(),
            work.name(),
            module));
    return command;
  }
}
