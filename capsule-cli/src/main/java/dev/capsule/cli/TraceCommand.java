package dev.capsule.cli;

import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Quantities;
import dev.capsule.task.project.Project;
import dev.capsule.task.trace.TraceEntry;
import dev.capsule.task.trace.TraceException;
import dev.capsule.task.trace.TraceState;
import dev.capsule.task.trace.TraceStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule trace}: shows and prunes the record of what ran. */
final class TraceCommand implements Subcommand {
  private static final String FOLLOW = "--follow";
  private static final String RUN = "--run";
  private static final String TASK = "--task";
  private static final String STATE = "--state";
  private static final String SINCE = "--since";
  private static final String LAST = "--last";
  private static final String REQUESTS = "--requests";
  private static final String OLDER = "--older-than";
  private static final String ALL = "--all";
  private static final int LAST_RUNS = 20;
  private static final long POLL_MS = 300;

  private final Streams streams;

  TraceCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Shows what ran in this project: each run as a tree of its tasks, the newest last; also"
                + " while it runs. prune removes the record of old runs.");
    spec.addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("ACTION")
                .type(String.class)
                .arity("0..1")
                .description("list (the default) or prune")
                .build())
        .addOption(Options.flag(Options.JSON, "Print one JSON object a line for each attempt."))
        .addOption(Options.flag(FOLLOW, "Keep on showing what changes, until interrupted."))
        .addOption(Options.flag(REQUESTS, "Show HTTP requests, too."))
        .addOption(Options.text(RUN, "ID", "Only the run with that id, or one that begins so."))
        .addOption(Options.text(TASK, "NAME", "Only attempts of that task."))
        .addOption(
            Options.text(
                STATE,
                "STATE",
                "Only attempts in that state: created, running, completed, failed, timed_out or"
                    + " interrupted."))
        .addOption(Options.text(SINCE, "TIME", "Only what began in the last so long, such as 1h."))
        .addOption(Options.text(LAST, "N", "Only the last N runs; 20 unless given, 0 for all."))
        .addOption(
            Options.text(OLDER, "TIME", "For prune: remove what is older, 30 days unless given."))
        .addOption(Options.flag(ALL, "For prune: remove everything."));
  }

  @Override
  public int run(ParseResult arguments) {
    Path directory =
        Project.of(streams.workingDirectory(), streams.workingDirectory()).privateDirectory();
    String action = arguments.matchedPositionalValue(0, "list");
    switch (action) {
      case "list" -> list(arguments, directory);
      case "prune" -> prune(arguments, directory);
      default ->
          throw Options.wrong(arguments, "ACTION is \"" + action + "\"; it can be list or prune");
    }
    streams.out().flush();
    return 0;
  }

  private void prune(ParseResult arguments, Path directory) {
    long before = System.currentTimeMillis() - age(arguments, OLDER, "30d").toMillis();
    if (arguments.hasMatchedOption(ALL)) {
      before = System.currentTimeMillis() + 1;
    }
    TraceStore.Pruned pruned = TraceStore.prune(directory, before);
    streams.out().println("Removed " + pruned.removed() + " attempts.");
    if (pruned.busy() > 0) {
      streams
          .err()
          .println(
              "Left alone: the record of "
                  + pruned.busy()
                  + " process(es) that run at the moment.");
    }
  }

  private void list(ParseResult arguments, Path directory) {
    boolean json = arguments.hasMatchedOption(Options.JSON);
    Predicate<TraceEntry> filter = filter(arguments);
    List<TraceEntry> all = TraceStore.list(directory);
    List<TraceEntry> chosen = lastRuns(all, filter, last(arguments));
    if (json) {
      chosen.forEach(entry -> streams.out().println(entry.toJson()));
    } else {
      TraceTable table = new TraceTable(streams, arguments.hasMatchedOption(REQUESTS));
      table.header();
      table.print(chosen);
    }
    if (arguments.hasMatchedOption(FOLLOW)) {
      follow(directory, filter, json, all, arguments.hasMatchedOption(REQUESTS));
    }
  }

  /** Shows every attempt that is new or has changed, until the process is interrupted. */
  private void follow(
      Path directory,
      Predicate<TraceEntry> filter,
      boolean json,
      List<TraceEntry> shown,
      boolean requests) {
    Map<String, TraceEntry> known = new LinkedHashMap<>();
    shown.forEach(entry -> known.put(entry.id(), entry));
    TraceTable table = new TraceTable(streams, requests);
    while (!streams.out().checkError()) {
      for (TraceEntry entry : listUnlessInterrupted(directory)) {
        if (!entry.equals(known.put(entry.id(), entry)) && filter.test(entry)) {
          if (json) {
            streams.out().println(entry.toJson());
          } else {
            table.line(entry, 0);
          }
        }
      }
      streams.out().flush();
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** What an interruption keeps from being read is not shown any more. */
  private static List<TraceEntry> listUnlessInterrupted(Path directory) {
    try {
      return TraceStore.list(directory);
    } catch (TraceException e) {
      if (Thread.currentThread().isInterrupted()) {
        return List.of();
      }
      throw e;
    }
  }

  private static Predicate<TraceEntry> filter(ParseResult arguments) {
    Predicate<TraceEntry> filter = entry -> true;
    Optional<String> run = text(arguments, RUN);
    if (run.isPresent()) {
      filter = filter.and(entry -> entry.run().startsWith(run.get()));
    }
    Optional<String> task = text(arguments, TASK);
    if (task.isPresent()) {
      filter = filter.and(entry -> entry.task().equals(task.get()));
    }
    Optional<String> state = text(arguments, STATE);
    if (state.isPresent()) {
      TraceState wanted = state(arguments, state.get());
      filter = filter.and(entry -> entry.state() == wanted);
    }
    if (arguments.hasMatchedOption(SINCE)) {
      long after = System.currentTimeMillis() - age(arguments, SINCE, "").toMillis();
      filter = filter.and(entry -> entry.createdAt() >= after);
    }
    return filter;
  }

  private static Optional<String> text(ParseResult arguments, String option) {
    return Optional.<String>ofNullable(arguments.matchedOptionValue(option, null));
  }

  private static TraceState state(ParseResult arguments, String name) {
    try {
      return TraceState.of(name);
    } catch (IllegalArgumentException e) {
      throw Options.wrong(
          arguments,
          STATE
              + " is \""
              + name
              + "\"; it can be created, running, completed, failed, timed_out or interrupted");
    }
  }

  private static Duration age(ParseResult arguments, String option, String otherwise) {
    try {
      return Quantities.duration(option, arguments.matchedOptionValue(option, otherwise));
    } catch (InvalidConfigException e) {
      throw Options.wrong(arguments, e.getMessage());
    }
  }

  private static int last(ParseResult arguments) {
    String text = arguments.matchedOptionValue(LAST, String.valueOf(LAST_RUNS));
    if (!text.matches("[0-9]{1,9}")) {
      throw Options.wrong(arguments, LAST + " is \"" + text + "\"; it has to be a whole number");
    }
    return Integer.parseInt(text) == 0 ? Integer.MAX_VALUE : Integer.parseInt(text);
  }

  /** The attempts that pass, of the last so many runs that have any. */
  private static List<TraceEntry> lastRuns(
      List<TraceEntry> all, Predicate<TraceEntry> filter, int most) {
    Map<String, List<TraceEntry>> runs = new LinkedHashMap<>();
    for (TraceEntry entry : all) {
      if (filter.test(entry)) {
        runs.computeIfAbsent(entry.run(), run -> new ArrayList<>()).add(entry);
      }
    }
    return runs.values().stream()
        .skip(Math.max(0, runs.size() - (long) most))
        .flatMap(List::stream)
        .toList();
  }
}
