package dev.capsule.engine.text;

import dev.capsule.engine.module.SyntaxException;
import java.util.List;

/** A test script in the language of the official suite ({@code .wast}): commands in order. */
public record Script(List<Command> commands) {
  public Script {
    commands = List.copyOf(commands);
  }

  /**
   * Parses a script in UTF-8. Modules inside it are parsed when asked for, so a module that is
   * malformed does not spoil the others.
   *
   * @throws SyntaxException if the commands themselves are malformed
   */
  public static Script parse(byte[] text) {
    return ScriptParser.parse(text);
  }
}
