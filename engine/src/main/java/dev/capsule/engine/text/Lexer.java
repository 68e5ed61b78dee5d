package dev.capsule.engine.text;

import dev.capsule.engine.module.SyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Splits source text into tokens (spec 6.3). Comments and unknown annotations are checked and
 * dropped. What forms no token is kept as {@link Tokens#RESERVED}, because it is an error only
 * where the parser meets it, not inside an annotation.
 */
final class Lexer {
  /** Annotations that mean something to the parser. */
  private static final Set<String> KNOWN = Set.of("custom", "name", "metadata.code.branch_hint");

  private static final boolean[] IDCHAR = new boolean[128];

  static {
    for (int c = '0'; c <= 'z'; c++) {
      IDCHAR[c] = c <= '9' || c >= 'a' || c >= 'A' && c <= 'Z';
    }
    for (char c : "!#$%&'*+-./:<=>?@\\^_`|~".toCharArray()) {
      IDCHAR[c] = true;
    }
  }

  private final byte[] source;
  private final Tokens tokens;
  private int position;

  /** Depth of parentheses inside unknown annotations, whose tokens are dropped; 0 outside. */
  private int skipping;

  private int skippedFrom;

  private Lexer(byte[] source) {
    this.source = source;
    this.tokens = new Tokens(source);
  }

  /**
   * The tokens of a text.
   *
   * @throws SyntaxException if it holds characters, comments, strings or annotations that are not
   *     allowed anywhere
   */
  static Tokens tokens(byte[] source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length) {
      int c = source[position];
      switch (c) {
        case ' ', '\t', '\n', '\r' -> position++;
        case '(' -> open();
        case ')' -> {
          add(Tokens.RPAR, position, ++position);
          if (skipping > 0) {
            skipping--;
          }
        }
        case ';' -> {
          if (peek(1) == ';') {
            lineComment();
          } else {
            atom();
          }
        }
        case '"', ',', '[', ']', '{', '}' -> atom();
        default -> {
          if (isIdChar(c)) {
            atom();
          } else {
            character();
            throw error(position, "illegal character");
          }
        }
      }
    }
    if (skipping > 0) {
      throw error(skippedFrom, "unclosed annotation");
    }
    tokens.add(Tokens.EOF, source.length, source.length);
  }

  private void add(byte kind, int start, int end) {
    if (skipping == 0) {
      tokens.add(kind, start, end);
    }
  }

  private int peek(int ahead) {
    return position + ahead < source.length ? source[position + ahead] : -1;
  }

  private void open() {
    switch (peek(1)) {
      case ';' -> blockComment();
      case '@' -> annotation();
      default -> {
        add(Tokens.LPAR, position, position + 1);
        if (skipping > 0) {
          skipping++;
        }
        position++;
      }
    }
  }

  private void lineComment() {
    while (position < source.length && source[position] != '\n' && source[position] != '\r') {
      position += character();
    }
  }

  private void blockComment() {
    int start = position;
    int depth = 0;
    do {
      if (position >= source.length) {
        throw error(start, "unclosed comment");
      }
      if (source[position] == '(' && peek(1) == ';') {
        depth++;
        position += 2;
      } else if (source[position] == ';' && peek(1) == ')') {
        depth--;
        position += 2;
      } else {
        position += character();
      }
    } while (depth > 0);
  }

  /** Length of the character here. */
  private int character() {
    int length = Utf8.length(source, position, source.length);
    if (length == 0) {
      throw error(position, "malformed UTF-8 encoding");
    }
    return length;
  }

  private void annotation() {
    int open = position;
    if (skipping > 0 && peek(2) != '"' && !isIdChar(peek(2))) {
      // Inside an annotation anything goes that forms tokens: here a parenthesis and a lone @.
      skipping++;
      position += 2;
      return;
    }
    position += 2;
    int start = position;
    String name;
    if (peek(0) == '"') {
      if (!string()) {
        throw error(start, "empty annotation id");
      }
      byte[] bytes = Strings.decode(source, start + 1, position - 1);
      if (!Utf8.valid(bytes)) {
        throw error(start, "malformed UTF-8 encoding");
      }
      name = new String(bytes, StandardCharsets.UTF_8);
    } else {
      while (isIdChar(peek(0))) {
        position++;
      }
      name = new String(source, start, position - start, StandardCharsets.US_ASCII);
    }
    if (name.isEmpty()) {
      throw error(start, "empty annotation id");
    }
    if (skipping > 0) {
      skipping++;
    } else if (KNOWN.contains(name)) {
      tokens.add(Tokens.ANNOTATION, start, position);
    } else {
      skipping = 1;
      skippedFrom = open;
    }
  }

  static boolean isIdChar(int c) {
    return c > 0 && c < 128 && IDCHAR[c];
  }

  /** The longest run of characters that no space or parenthesis divides (spec 6.3.2). */
  private void atom() {
    int start = position;
    int strings = 0;
    boolean punctuation = false;
    while (position < source.length) {
      int c = source[position];
      if (isIdChar(c)) {
        position++;
      } else if (c == '"') {
        boolean name = position == start + 1 && source[start] == '$';
        int quote = position;
        if (!string()) {
          if (name) {
            throw error(start, "empty identifier");
          }
          throw badString(quote);
        }
        strings++;
      } else if (c == ',' || c == '[' || c == ']' || c == '{' || c == '}') {
        punctuation = true;
        position++;
      } else if (c == ';' && peek(1) != ';') {
        punctuation = true;
        position++;
      } else {
        break;
      }
    }
    add(punctuation ? Tokens.RESERVED : kind(start, strings), start, position);
  }

  private byte kind(int start, int strings) {
    int c = source[start];
    if (strings > 0) {
      boolean whole = strings == 1 && source[position - 1] == '"';
      if (whole && c == '"' && closes(start)) {
        return Tokens.STRING;
      }
      if (whole && c == '$' && source[start + 1] == '"' && closes(start + 1)) {
        return Tokens.ID;
      }
      return Tokens.RESERVED;
    }
    if (c == '$') {
      return position > start + 1 ? Tokens.ID : Tokens.RESERVED;
    }
    byte number = Numbers.kind(source, start, position);
    if (number != Tokens.RESERVED) {
      return number;
    }
    return c >= 'a' && c <= 'z' ? Tokens.KEYWORD : Tokens.RESERVED;
  }

  /** Whether the string that begins at {@code quote} ends where the atom ends. */
  private boolean closes(int quote) {
    int i = quote + 1;
    while (source[i] != '"') {
      i += source[i] == '\\' ? 2 : 1;
    }
    return i == position - 1;
  }

  /** Moves behind a string; false where it does not end properly. */
  private boolean string() {
    int i = position + 1;
    while (i < source.length) {
      int c = source[i];
      if (c == '"') {
        position = i + 1;
        return true;
      }
      int length;
      if (c == '\\') {
        length = Strings.escape(source, i);
      } else if (c < 0) {
        length = Utf8.length(source, i, source.length);
      } else {
        length = c < 0x20 || c == 0x7F ? 0 : 1;
      }
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return false;
  }

  /** What is wrong with the string at {@code quote}. */
  private SyntaxException badString(int quote) {
    int i = quote + 1;
    while (i < source.length) {
      int c = source[i];
      int length = c == '\\' ? Strings.escape(source, i) : 1;
      if (c == '\n' || c == '\r') {
        break;
      }
      if (length == 0) {
        return error(i, "illegal escape");
      }
      if (c < 0) {
        length = Utf8.length(source, i, source.length);
        if (length == 0) {
          return error(i, "malformed UTF-8 encoding");
        }
      } else if (c < 0x20 || c == 0x7F) {
        return error(i, "illegal character");
      }
      i += length;
    }
    return error(quote, "unclosed string");
  }

  private SyntaxException error(int offset, String reason) {
    return Position.error(source, offset, reason);
  }
}
