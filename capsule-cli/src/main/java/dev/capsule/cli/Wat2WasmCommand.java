package dev.capsule.cli;

import dev.capsule.engine.text.TextParser;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule wat2wasm}: text format to binary format. The module is not validated. */
final class Wat2WasmCommand implements Subcommand {
  private final PositionalParamSpec input =
      PositionalParamSpec.builder()
          .index("0")
          .paramLabel("IN")
          .type(Path.class)
          .required(true)
          .description("A module in the text format.")
          .build();

  private final OptionSpec output =
      OptionSpec.builder("-o", "--output")
          .paramLabel("OUT")
          .type(Path.class)
          .description("Where to write it; by default beside IN, ending in .wasm.")
          .build();

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Converts a module from text to binary.");
    spec.addPositional(input).addOption(output);
  }

  @Override
  public int run(ParseResult arguments) {
    Path in = input.getValue();
    Path given = output.getValue();
    Path out = given != null ? given : in.resolveSibling(withoutEnding(in) + ".wasm");
    boolean done =
        FileFailure.attempt(
            in,
            arguments.commandSpec().commandLine().getErr(),
            () -> ModuleFile.write(out, TextParser.parse(ModuleFile.bytes(in)).encode()));
    return done ? 0 : 1;
  }

  private static String withoutEnding(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".wat") ? name.substring(0, name.length() - 4) : name;
  }
}
