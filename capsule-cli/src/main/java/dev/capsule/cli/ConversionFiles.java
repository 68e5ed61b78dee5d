package dev.capsule.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The file that a command converts, and where the result goes. */
final class ConversionFiles {
  private final PositionalParamSpec input;
  private final OptionSpec output;

  ConversionFiles(String inputDescription, String outputDescription) {
    input =
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("IN")
            .type(Path.class)
            .required(true)
            .description(inputDescription)
            .build();
    output =
        OptionSpec.builder("-o", "--output")
            .paramLabel("OUT")
            .type(Path.class)
            .description(outputDescription)
            .build();
  }

  void describe(CommandSpec spec) {
    spec.addPositional(input).addOption(output);
  }

  Path input() {
    return input.getValue();
  }

  Optional<Path> output() {
    return Optional.ofNullable(output.getValue());
  }
}
