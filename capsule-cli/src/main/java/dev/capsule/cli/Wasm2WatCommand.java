package dev.capsule.cli;

import dev.capsule.engine.text.TextPrinter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule wasm2wat}: binary format to text format. The module is not validated. */
final class Wasm2WatCommand implements Subcommand {
  private final PositionalParamSpec input =
      PositionalParamSpec.builder()
          .index("0")
          .paramLabel("IN")
          .type(Path.class)
          .required(true)
          .description("A module in the binary format.")
          .build();

  private final OptionSpec output =
      OptionSpec.builder("-o", "--output")
          .paramLabel("OUT")
          .type(Path.class)
          .description("Where to write it; by default to standard output.")
          .build();

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Converts a module from binary to text.");
    spec.addPositional(input).addOption(output);
  }

  @Override
  public int run(ParseResult arguments) {
    Path in = input.getValue();
    Path out = output.getValue();
    PrintWriter err = arguments.commandSpec().commandLine().getErr();
    boolean done =
        FileFailure.attempt(
            in,
            err,
            () -> {
              String text = TextPrinter.print(ModuleFile.read(in));
              if (out != null) {
                ModuleFile.write(out, text.getBytes(StandardCharsets.UTF_8));
              } else {
                PrintWriter console = arguments.commandSpec().commandLine().getOut();
                console.print(text);
                console.flush();
              }
            });
    return done ? 0 : 1;
  }
}
