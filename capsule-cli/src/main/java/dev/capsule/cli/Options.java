package dev.capsule.cli;

import dev.capsule.task.TaskRequest;
import dev.capsule.task.policy.InvalidConfigException;
import dev.capsule.task.policy.Limits;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Options that several commands have. */
final class Options {
  static final String JSON = "--json";
  static final String VERBOSE = "--verbose";
  static final String CAPTURE = "--capture";
  static final String EXIT_ZERO = "--exit-zero";
  static final String MOUNT = "--mount";
  static final String LIMIT = "--limit";
  static final String PARALLEL = "--parallel";
  static final String DETERMINISTIC = "--deterministic";
  static final String NO_TRACE = "--no-trace";

  private Options() {}

  static OptionSpec flag(String name, String... description) {
    return OptionSpec.builder(name).description(description).build();
  }

  static OptionSpec text(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  static OptionSpec texts(String name, String label, String... description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** The option that {@link #seed} reads. */
  static OptionSpec deterministic(String description) {
    return OptionSpec.builder(DETERMINISTIC)
        .type(String.class)
        .arity("0..1")
        .paramLabel("SEED")
        .preprocessor(new AttachedSeed())
        .description(description)
        .build();
  }

  /** The seed of a deterministic run; empty if none is wanted. */
  static OptionalLong seed(ParseResult arguments) {
    if (!arguments.hasMatchedOption(DETERMINISTIC)) {
      return OptionalLong.empty();
    }
    String seed = arguments.matchedOptionValue(DETERMINISTIC, AttachedSeed.DEFAULT);
    try {
      return OptionalLong.of(Long.parseLong(seed));
    } catch (NumberFormatException e) {
      throw wrong(
          arguments, DETERMINISTIC + " is \"" + seed + "\"; the seed has to be a whole number");
    }
  }

  /** Adds what commands have that run a task once. */
  static void describeRun(CommandSpec spec) {
    spec.addOption(
            flag(JSON, "Print exactly one line, the envelope; what tasks print goes to stderr."))
        .addOption(flag(CAPTURE, "Put what tasks print into the envelope."))
        .addOption(flag(VERBOSE, "Tell on stderr when each task starts and how it ends."))
        .addOption(
            flag(EXIT_ZERO, "Exit with 0 when the task failed, too; its error is in the envelope."))
        .addOption(
            texts(
                MOUNT,
                "HOST[::GUEST][:ro|:rw]",
                "Give every task a directory below the current one."));
    describeLimits(spec);
    spec.addOption(
            deterministic(
                "Virtual time and random numbers from a seed (=SEED, else 0): the same task"
                    + " with the same input does the same."))
        .addOption(flag(NO_TRACE, "Do not record the run for capsule trace."));
  }

  /** Adds the ceilings. */
  static void describeLimits(CommandSpec spec) {
    spec.addOption(
            texts(
                LIMIT,
                "KEY=VALUE",
                "Set a ceiling for all tasks, over [limits] of capsule.toml: "
                    + String.join(", ", Limits.KEYS)
                    + ".",
                "For example --limit timeout=5s --limit hosts=example.com,*.example.org"))
        .addOption(text(PARALLEL, "N", "How many tasks may run at a time at each depth of calls."));
  }

  /** Applies what {@link #describeRun} describes. */
  static TaskRequest apply(ParseResult arguments, Streams streams, TaskRequest request) {
    request.workingDirectory(streams.workingDirectory()).environment(streams.environment());
    arguments.matchedOptionValue(MOUNT, List.<String>of()).forEach(request::mount);
    applyLimits(arguments, request);
    seed(arguments).ifPresent(request::seed);
    if (arguments.hasMatchedOption(CAPTURE)) {
      request.captureOutput();
    }
    return request;
  }

  /** Applies the ceilings. */
  static void applyLimits(ParseResult arguments, TaskRequest request) {
    for (String limit : arguments.matchedOptionValue(LIMIT, List.<String>of())) {
      int equals = limit.indexOf('=');
      if (equals < 0) {
        throw wrong(arguments, LIMIT + " is \"" + limit + "\"; it has to be KEY=VALUE");
      }
      String key = limit.substring(0, equals).strip();
      String value = limit.substring(equals + 1).strip();
      try {
        Limits.defaults().with(key, value);
      } catch (InvalidConfigException e) {
        throw wrong(arguments, LIMIT + ": " + e.getMessage());
      }
      request.limits(limits -> limits.with(key, value));
    }
  }

  /** How many tasks may run at a time; 0 if that is not said. */
  static int parallel(ParseResult arguments) {
    String text = arguments.matchedOptionValue(PARALLEL, "");
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[1-9][0-9]{0,2}")) {
      throw wrong(arguments, PARALLEL + " is \"" + text + "\"; it has to be from 1 to 999");
    }
    return Integer.parseInt(text);
  }

  /** Wrong usage. */
  static ParameterException wrong(ParseResult arguments, String message) {
    return new ParameterException(arguments.commandSpec().commandLine(), message);
  }

  /** The seed belongs to the option only if it is attached with "=": what follows is the file. */
  private static final class AttachedSeed implements IParameterPreprocessor {
    static final String DEFAULT = "0";

    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec spec, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        args.push(DEFAULT);
      }
      return false;
    }
  }
}
