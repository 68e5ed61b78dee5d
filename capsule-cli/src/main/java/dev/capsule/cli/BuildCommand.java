package dev.capsule.cli;

import dev.capsule.task.Capsule;
import dev.capsule.task.CapsuleException;
import dev.capsule.task.Plan;
import dev.capsule.task.TaskRequest;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule build}: loads a program once and keeps what is known of it. */
final class BuildCommand implements Subcommand {
  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  BuildCommand(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Loads a program in a sandbox without any grant, checks what its tasks declare, and"
                + " keeps the result in .capsule, where run finds it.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("FILE")
            .type(String.class)
            .arity("0..1")
            .description("The program. Without it, the entrypoint of capsule.toml.")
            .build());
  }

  @Override
  public int run(ParseResult arguments) {
    String file = arguments.matchedPositionalValue(0, "");
    TaskRequest request =
        (file.isEmpty() ? TaskRequest.entrypoint() : TaskRequest.file(Path.of(file)))
            .workingDirectory(streams.workingDirectory())
            .environment(streams.environment());
    Reporter reporter = new Reporter(streams, Reporter.Level.VERBOSE);
    try (Capsule capsule = capsules.get().withoutTrace().build()) {
      Plan plan;
      try (Reporter.Step step = reporter.step("Building")) {
        plan = capsule.build(request);
        step.finished(
            plan.program()
                + " built from "
                + plan.files().size()
                + " files; tasks: "
                + plan.registry().names());
      }
      reporter.progress("Build successful.");
      return 0;
    } catch (CapsuleException e) {
      return Execution.report(e, streams.err());
    }
  }
}
