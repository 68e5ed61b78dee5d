package dev.capsule.cli;

import dev.capsule.engine.text.TextPrinter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule wasm2wat}: binary format to text format. The module is not validated. */
final class Wasm2WatCommand implements Subcommand {
  private final ConversionFiles files =
      new ConversionFiles(
          "A module in the binary format.", "Where to write it; by default to standard output.");

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Converts a module from binary to text.");
    files.describe(spec);
  }

  @Override
  public int run(ParseResult arguments) {
    Path in = files.input();
    Optional<Path> out = files.output();
    PrintWriter err = arguments.commandSpec().commandLine().getErr();
    boolean done =
        FileFailure.attempt(
            in,
            err,
            () -> {
              String text = TextPrinter.print(ModuleFile.read(in));
              if (out.isPresent()) {
                ModuleFile.write(out.get(), text.getBytes(StandardCharsets.UTF_8));
              } else {
                PrintWriter console = arguments.commandSpec().commandLine().getOut();
                console.print(text);
                console.flush();
              }
            });
    return done ? 0 : 1;
  }
}
