package dev.capsule.cli;

import dev.capsule.engine.text.TextParser;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule wat2wasm}: text format to binary format. The module is not validated. */
final class Wat2WasmCommand implements Subcommand {
  private final ConversionFiles files =
      new ConversionFiles(
          "A module in the text format.",
          "Where to write it; by default beside IN, ending in .wasm.");

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage().description("Converts a module from text to binary.");
    files.describe(spec);
  }

  @Override
  public int run(ParseResult arguments) {
    Path in = files.input();
    Path out = files.output().orElseGet(() -> in.resolveSibling(withoutEnding(in) + ".wasm"));
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
