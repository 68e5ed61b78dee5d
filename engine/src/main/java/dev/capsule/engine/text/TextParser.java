package dev.capsule.engine.text;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SyntaxException;

/**
 * Parses modules in the text format (spec chapter 6). Function bodies become binary code, as if the
 * module had been decoded, so offsets inside code count the assembled bytes of all code before.
 */
public final class TextParser {
  private TextParser() {}

  /**
   * Parses {@code (module …)}, or the fields of a module without the parentheses around them.
   *
   * @throws SyntaxException if the text is malformed
   */
  public static Module parse(String text) {
    return parse(Utf8.encode(text));
  }

  /**
   * Parses text in UTF-8.
   *
   * @throws SyntaxException if the text is malformed
   */
  public static Module parse(byte[] text) {
    Cursor in = new Cursor(Lexer.tokens(text), 0);
    Module module;
    if (in.isOpen("module")) {
      module = module(in);
    } else {
      module = ModuleParser.fields(in, null);
    }
    in.expect(Tokens.EOF);
    return module;
  }

  /** The module in parentheses that begins at the cursor. */
  static Module module(Cursor in) {
    in.expectOpen("module");
    Module module = ModuleParser.fields(in, in.id());
    in.close();
    return module;
  }
}
