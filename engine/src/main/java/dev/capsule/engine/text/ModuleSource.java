package dev.capsule.engine.text;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SyntaxException;

/** A module inside a script, in one of the ways in which scripts can give one. */
public sealed interface ModuleSource {
  /** {@code (module binary "…")}: the bytes, not decoded. */
  record Binary(byte[] bytes) implements ModuleSource {}

  /** {@code (module quote "…")}: text inside strings, which need not be text at all. */
  record Quote(byte[] text) implements ModuleSource {
    /**
     * Parses the text.
     *
     * @throws SyntaxException if it is malformed, with lines of the quoted text
     */
    public Module parse() {
      return TextParser.parse(text);
    }
  }

  /** Text that is part of the script. */
  final class Text implements ModuleSource {
    private final Tokens tokens;
    private final int start;
    private final String id;

    Text(Tokens tokens, int start, String id) {
      this.tokens = tokens;
      this.start = start;
      this.id = id;
    }

    /**
     * Parses the text.
     *
     * @throws SyntaxException if it is malformed, with lines of the script
     */
    public Module parse() {
      Cursor in = new Cursor(tokens, start);
      Module module = ModuleParser.fields(in, id);
      if (!in.is(Tokens.EOF)) {
        in.close();
      }
      return module;
    }
  }
}
