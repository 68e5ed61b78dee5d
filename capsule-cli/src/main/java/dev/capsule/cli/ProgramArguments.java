package dev.capsule.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A file and the arguments for its program. Options stand before the file or right behind it. The
 * first word behind the file that is no option of ours starts the program's arguments, and from
 * there on everything is the program's, whatever it looks like. A {@code --} before them is ours.
 */
final class ProgramArguments {
  private ProgramArguments() {}

  static void describe(CommandSpec spec, String fileDescription) {
    spec.parser().unmatchedOptionsArePositionalParams(true);
    spec.addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .paramLabel("FILE")
                .type(String.class)
                .arity("0..1")
                .parameterConsumer(new First())
                .description(fileDescription)
                .build())
        .addPositional(
            PositionalParamSpec.builder()
                .index("1..*")
                .paramLabel("ARGS")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .parameterConsumer(new Rest())
                .description("Arguments for the program, verbatim; begin with -- if in doubt.")
                .build());
  }

  /** The file; empty if there is none. */
  static String file(ParseResult arguments) {
    String file = arguments.commandSpec().positionalParameters().get(0).getValue();
    return file == null ? "" : file;
  }

  /** The program's arguments. */
  static List<String> rest(ParseResult arguments) {
    List<String> rest = arguments.commandSpec().positionalParameters().get(1).getValue();
    return rest == null ? List.of() : rest;
  }

  private static final class First implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec parameter, CommandSpec spec) {
      String word = words.pop();
      if (word.startsWith("-") && word.length() > 1) {
        throw new ParameterException(
            spec.commandLine(),
            "Unknown option: \"" + word + "\" (a file of that name is ./" + word + ")");
      }
      parameter.setValue(word);
    }
  }

  private static final class Rest implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec parameter, CommandSpec spec) {
      List<String> all = new ArrayList<>();
      while (!words.isEmpty()) {
        all.add(words.pop());
      }
      parameter.setValue(all);
    }
  }
}
