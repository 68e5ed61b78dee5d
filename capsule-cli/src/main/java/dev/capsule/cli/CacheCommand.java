package dev.capsule.cli;

import dev.capsule.task.policy.Quantities;
import dev.capsule.task.project.BuildCache;
import dev.capsule.task.project.Project;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule cache}: shows and clears the builds of a project. */
final class CacheCommand implements Subcommand {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  private final Streams streams;

  CacheCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Shows or clears the builds that this project keeps.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("ACTION")
            .type(String.class)
            .arity("0..1")
            .description("list (the default), size or clear")
            .build());
  }

  @Override
  public int run(ParseResult arguments) {
    BuildCache cache =
        new BuildCache(
            Project.of(streams.workingDirectory(), streams.workingDirectory()).privateDirectory());
    String action = arguments.matchedPositionalValue(0, "list");
    switch (action) {
      case "list" -> list(cache.list());
      case "size" ->
          streams.out().println(cache.list().stream().mapToLong(BuildCache.Listed::bytes).sum());
      case "clear" ->
          streams.out().println("Removed " + Quantities.formatBytes(cache.clear()) + ".");
      default ->
          throw Options.wrong(
              arguments, "ACTION is \"" + action + "\"; it can be list, size or clear");
    }
    streams.out().flush();
    return 0;
  }

  private void list(List<BuildCache.Listed> builds) {
    for (BuildCache.Listed build : builds) {
      streams
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s  %,12d  %s",
                  TIME.format(build.used()),
                  build.bytes(),
                  build.entry().isEmpty() ? build.name() + " (damaged)" : build.entry()));
    }
  }
}
