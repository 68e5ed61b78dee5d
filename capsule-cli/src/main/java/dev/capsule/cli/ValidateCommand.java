package dev.capsule.cli;

import dev.capsule.engine.validation.Validator;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule validate FILE…}: says what is wrong with modules; exit 1 if anything is. */
final class ValidateCommand implements Subcommand {
  private final PositionalParamSpec files =
      PositionalParamSpec.builder()
          .index("0..*")
          .arity("1..*")
          .paramLabel("FILE")
          .type(List.class)
          .auxiliaryTypes(Path.class)
          .description("Modules, in binary or text format.")
          .build();

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Validates WebAssembly modules.");
    spec.addPositional(files);
  }

  @Override
  public int run(ParseResult arguments) {
    PrintWriter err = arguments.commandSpec().commandLine().getErr();
    List<Path> paths = files.getValue();
    boolean valid = true;
    for (Path file : paths) {
      valid &= FileFailure.attempt(file, err, () -> Validator.validate(ModuleFile.read(file)));
    }
    return valid ? 0 : 1;
  }
}
