package dev.capsule.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.capsule.task.Capsule;
import dev.capsule.task.TaskRequest;
import dev.capsule.task.guest.Language;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.TaskConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code capsule eval}: runs a text as code, with the rights that the options give. */
final class EvalCommand implements Subcommand {
  private static final List<String> SCALARS = List.of("compute", "ram", "timeout");

  private final Streams streams;
  private final Supplier<Capsule.Builder> capsules;

  EvalCommand(Streams streams, Supplier<Capsule.Builder> capsules) {
    this.streams = streams;
    this.capsules = capsules;
  }

  @Override
  public void describe(CommandSpec spec) {
    spec.usageMessage()
        .description(
            "Runs Python or JavaScript code in a sandbox. The result is the value of the code's"
                + " last expression, or in Python else of the variable result. JavaScript may use"
                + " await outside functions. The code may use what the options grant and nothing"
                + " else.")
        .footer(
            "%nExamples:%n  capsule eval python 'sum(range(100))'%n"
                + "  echo '1 + 1' | capsule eval js - --compute LOW --timeout 1s");
    spec.addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("LANGUAGE")
                .type(String.class)
                .arity("1")
                .required(true)
                .description("python (or py), javascript (or js)")
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("1")
                .paramLabel("CODE")
                .type(String.class)
                .arity("1")
                .required(true)
                .description("The code; - reads it from standard input.")
                .build());
    spec.addOption(Options.text("--compute", "LEVEL", "LOW, MEDIUM (the default), HIGH or fuel."))
        .addOption(Options.text("--ram", "SIZE", "Memory, such as 64MB."))
        .addOption(Options.text("--timeout", "TIME", "Time, such as 500ms or 5s."))
        .addOption(Options.texts("--allow-host", "HOST", "Let it make requests to a host."))
        .addOption(
            Options.texts("--allow-file", "HOST[::GUEST][:ro|:rw]", "Let it use a directory."))
        .addOption(Options.texts("--env", "NAME", "Let it see an environment variable."));
    Options.describeRun(spec);
  }

  @Override
  public int run(ParseResult arguments) {
    Language language = language(arguments);
    String code = arguments.matchedPositionalValue(1, "");
    if (code.equals("-")) {
      code = readAll(streams.in());
    }
    String program = language == Language.PYTHON ? "eval.py" : "eval.mjs";
    TaskRequest request =
        TaskRequest.source(language, program, resource(program))
            .arguments(code)
            .defaults(config(arguments));
    return new Execution(streams, capsules).run(arguments, request);
  }

  private static Language language(ParseResult arguments) {
    String name = arguments.matchedPositionalValue(0, "");
    return switch (name) {
      case "python", "py" -> Language.PYTHON;
      case "javascript", "js" -> Language.JAVASCRIPT;
      default ->
          throw Options.wrong(
              arguments, "LANGUAGE is \"" + name + "\"; it can be python (py) or javascript (js)");
    };
  }

  private static TaskConfig config(ParseResult arguments) {
    JsonObject config = new JsonObject();
    for (String key : SCALARS) {
      if (arguments.hasMatchedOption("--" + key)) {
        config.addProperty(key, arguments.matchedOptionValue("--" + key, ""));
      }
    }
    config.add("allowed_hosts", list(arguments, "--allow-host"));
    config.add("allowed_files", list(arguments, "--allow-file"));
    config.add("env_variables", list(arguments, "--env"));
    try {
      return TaskConfig.parse(config.toString());
    } catch (InvalidConfigException e) {
      throw Options.wrong(arguments, e.getMessage());
    }
  }

  private static JsonArray list(ParseResult arguments, String option) {
    JsonArray list = new JsonArray();
    arguments.matchedOptionValue(option, List.<String>of()).forEach(list::add);
    return list;
  }

  private static String readAll(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = EvalCommand.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
