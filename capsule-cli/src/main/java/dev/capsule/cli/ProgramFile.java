package dev.capsule.cli;

import dev.capsule.task.TaskRequest;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The program that a command looks at without running it, so that it has no arguments. */
final class ProgramFile {
  private ProgramFile() {}

  static void describe(CommandSpec spec) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("FILE")
            .type(String.class)
            .arity("0..1")
            .description("The program. Without it, the entrypoint of capsule.toml.")
            .build());
  }

  static TaskRequest request(ParseResult arguments, Streams streams) {
    String file = arguments.matchedPositionalValue(0, "");
    return (file.isEmpty() ? TaskRequest.entrypoint() : TaskRequest.file(Path.of(file)))
        .workingDirectory(streams.workingDirectory())
        .environment(streams.environment());
  }
}
