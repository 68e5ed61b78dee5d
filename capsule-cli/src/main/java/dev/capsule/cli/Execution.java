package dev.capsule.cli;

import dev.capsule.task.Capsule;
import dev.capsule.task.CapsuleException;
import dev.capsule.task.TaskRequest;
import dev.capsule.task.TaskResult;
import dev.capsule.task.TaskRun;
import java.io.PrintStream;
import java.util.function.Supplier;
import picocli.CommandLine.ParseResult;

/** Runs one task for a command: who prints what where, and what the exit code is. */
final class Execution {
  private static final int FAILED = 1;

  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  Execution(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  /** Runs it and returns the exit code. */
  int run(ParseResult arguments, TaskRequest request) {
    boolean json = arguments.hasMatchedOption(Options.JSON);
    Reporter reporter = new Reporter(streams, level(arguments));
    GuestOutput stdout = new GuestOutput(json ? streams.err() : streams.out());
    GuestOutput stderr = new GuestOutput(streams.err());
    Options.apply(arguments, streams, request).output(stdout, stderr);
    Capsule.Builder builder = capsules.get().problems(reporter::warning);
    if (arguments.hasMatchedOption(Options.NO_TRACE)) {
      builder.withoutTrace();
    }
    if (Options.parallel(arguments) > 0) {
      builder.parallel(Options.parallel(arguments));
    }
    Capsule capsule = builder.build();
    // A run that is interrupted from the keyboard is cancelled, and its trace says so.
    Thread onExit = new Thread(capsule::close);
    Runtime.getRuntime().addShutdownHook(onExit);
    try {
      TaskRun run = start(capsule, request, reporter);
      long start = System.nanoTime();
      TaskResult result = run.join();
      stdout.finishLine();
      stderr.finishLine();
      reporter.done(result.isSuccess(), System.nanoTime() - start);
      if (json || !result.json().equals("null")) {
        streams.out().println(result);
        streams.out().flush();
      }
      return result.isSuccess() || arguments.hasMatchedOption(Options.EXIT_ZERO) ? 0 : FAILED;
    } catch (CapsuleException e) {
      return report(e, streams.err());
    } finally {
      capsule.close();
      remove(onExit);
    }
  }

  private static void remove(Thread onExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The process is being ended; the hook runs or has run, and closing twice does no harm.
      return;
    }
  }

  private static TaskRun start(Capsule capsule, TaskRequest request, Reporter reporter) {
    try (Reporter.Step step = reporter.step("Preparing environment")) {
      // The task may begin before start returns.
      request.listener(
          event -> {
            step.finished("Environment ready");
            reporter.on(event);
          });
      TaskRun run = capsule.start(request);
      step.finished("Environment ready");
      return run;
    }
  }

  /** Tells what prevented a run. */
  static int report(CapsuleException e, PrintStream err) {
    err.println("Error: " + e.getMessage());
    e.traceback().ifPresent(trace -> err.println(trace.stripTrailing()));
    err.flush();
    return Main.CANNOT_RUN;
  }

  private static Reporter.Level level(ParseResult arguments) {
    if (arguments.hasMatchedOption(Options.VERBOSE)) {
      return Reporter.Level.VERBOSE;
    }
    return arguments.hasMatchedOption(Options.JSON) ? Reporter.Level.SILENT : Reporter.Level.NORMAL;
  }
}
