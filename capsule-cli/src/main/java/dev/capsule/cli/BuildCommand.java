package dev.capsule.cli;

import dev.capsule.task.Capsule;
import dev.capsule.task.CapsuleException;
import dev.capsule.task.Plan;
import dev.capsule.task.TaskRequest;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
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
    ProgramFile.describe(spec);
  }

  @Override
  public int run(ParseResult arguments) {
    TaskRequest request = ProgramFile.request(arguments, streams);
    Reporter reporter = new Reporter(streams, Reporter.Level.VERBOSE);
    try (Capsule capsule = capsules.get().withoutTrace().build()) {
      Plan plan;
      try (Reporter.Step step = reporter.step("Building")) {
        plan = capsule.build(request);
        int files = plan.files().size();
        step.finished(
            plan.program()
                + " built from "
                + (files == 1 ? "1 file" : files + " files")
                + "; tasks: "
                + plan.registry().names());
      }
      reporter.progress("Build successful.");
      return 0;
    } catch (CapsuleException e) {
      return Execution.report(e, streams.err());
    }
  }
}
