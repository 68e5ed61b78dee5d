package dev.capsule.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.capsule.task.Capsule;
import dev.capsule.task.TaskRequest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule run}: runs the main task of a Python or JavaScript program. */
final class RunCommand implements Subcommand {
  private static final String ARGS_FILE = "--args-file";
  private static final String TASK = "--task";

  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  RunCommand(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Runs a Python or JavaScript program's main task in a sandbox, and every task that it"
                + " calls in one of its own. What a task may use is what it declares, within the"
                + " ceilings of capsule.toml and of the options; capsule explain shows it.",
            "Exit code: 0 for success, 1 for a failed task, 2 for wrong usage, 3 for what prevented"
                + " the run.")
        .footer("%nExamples:%n  capsule run main.py 5 \"two words\"%n  capsule run --json app.ts");
    Options.describeRun(spec);
    spec.addOption(
            Options.text(
                ARGS_FILE, "FILE", "Take the program's arguments from a JSON array of strings."))
        .addOption(Options.text(TASK, "NAME", "Run this task instead of main."));
    ProgramArguments.describe(
        spec, "The program: .py, .js, .mjs or .ts. Without it, the entrypoint of capsule.toml.");
  }

  @Override
  public int run(ParseResult arguments) {
    String file = ProgramArguments.file(arguments);
    List<String> words = ProgramArguments.rest(arguments);
    String argsFile = arguments.matchedOptionValue(ARGS_FILE, "");
    if (!argsFile.isEmpty()) {
      if (!words.isEmpty()) {
        throw Options.wrong(arguments, ARGS_FILE + " cannot be used together with arguments");
      }
      words = read(arguments, streams.workingDirectory().resolve(argsFile), argsFile);
    }
    TaskRequest request =
        file.isEmpty() ? TaskRequest.entrypoint() : TaskRequest.file(Path.of(file));
    request.arguments(words).task(arguments.matchedOptionValue(TASK, ""));
    return new Execution(streams, capsules).run(arguments, request);
  }

  private static List<String> read(ParseResult arguments, Path file, String shown) {
    String start = ARGS_FILE + " \"" + shown + "\": ";
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw Options.wrong(arguments, start + "cannot be read: it does not exist");
    } catch (CharacterCodingException e) {
      throw Options.wrong(arguments, start + "cannot be read: it is not UTF-8");
    } catch (IOException e) {
      throw Options.wrong(arguments, start + "cannot be read: " + e.getMessage());
    }
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      List<String> words = new ArrayList<>();
      for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
          throw Options.wrong(
              arguments, start + "cannot be parsed: " + element + " is not a string");
        }
        words.add(element.getAsString());
      }
      return words;
    } catch (JsonParseException | IllegalStateException e) {
      throw Options.wrong(arguments, start + "cannot be parsed: it is not a JSON array of strings");
    }
  }
}
