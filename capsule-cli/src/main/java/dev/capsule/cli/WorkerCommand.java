package dev.capsule.cli;

import dev.capsule.task.Capsule;
import dev.capsule.task.TaskRequest;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule worker}: runs programs on request, one JSON object a line in and out. */
final class WorkerCommand implements Subcommand {
  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  WorkerCommand(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Serves requests until standard input ends, then finishes what it has begun. A request"
                + " is a line {\"id\": text, \"file\": path, \"args\": [text], \"mounts\": [spec],"
                + " \"capture\": true}; the last three may be left out. Its answer is a line"
                + " {\"id\", \"output\": envelope} or, if the program could not run, {\"id\","
                + " \"error\": text}. Answers come in the order of completion. What tasks print"
                + " goes to standard error, or with capture into the envelope; only answers go to"
                + " standard output.");
    Options.describeLimits(spec);
    spec.addOption(Options.flag(Options.NO_TRACE, "Do not record the runs for capsule trace."));
  }

  @Override
  public int run(ParseResult arguments) {
    Capsule.Builder builder = capsules.get().problems(streams.err()::println);
    if (arguments.hasMatchedOption(Options.NO_TRACE)) {
      builder.withoutTrace();
    }
    if (Options.parallel(arguments) > 0) {
      builder.parallel(Options.parallel(arguments));
    }
    Options.applyLimits(arguments, TaskRequest.entrypoint());
    Capsule capsule = builder.build();
    Thread onExit = new Thread(capsule::close);
    Runtime.getRuntime().addShutdownHook(onExit);
    try (capsule) {
      new Worker(streams, capsule, request -> Options.applyLimits(arguments, request)).serve();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      return 0; // the process is being ended anyway
    }
    return 0;
  }
}
