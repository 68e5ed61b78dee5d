package dev.capsule.engine.text;

import dev.capsule.engine.module.SyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The tokens of a source text, kept as ranges of its bytes in parallel arrays: 9 bytes per token
 * whatever its kind. The last token is {@link #EOF}.
 */
final class Tokens {
  static final byte LPAR = 0;
  static final byte RPAR = 1;
  static final byte KEYWORD = 2;
  static final byte ID = 3;
  static final byte STRING = 4;
  static final byte NAT = 5;
  static final byte INT = 6;
  static final byte FLOAT = 7;

  /** The opening parenthesis and name of an annotation that the parser knows. */
  static final byte ANNOTATION = 8;

  /** Characters that form no token; an error wherever the parser meets it. */
  static final byte RESERVED = 9;

  static final byte EOF = 10;

  private final byte[] source;
  private byte[] kinds = new byte[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int count;
  private int line = 1;
  private int lineOffset;

  Tokens(byte[] source) {
    this.source = source;
  }

  void add(byte kind, int start, int end) {
    if (count == kinds.length) {
      // Never more tokens than bytes, plus the end.
      int size = (int) Math.min(2L * count, source.length + 1L);
      kinds = Arrays.copyOf(kinds, size);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count++] = end;
  }

  int count() {
    return count;
  }

  byte kind(int token) {
    return kinds[Math.min(token, count - 1)];
  }

  byte[] source() {
    return source;
  }

  int start(int token) {
    return starts[Math.min(token, count - 1)];
  }

  int end(int token) {
    return ends[Math.min(token, count - 1)];
  }

  /** The characters of a token. */
  String text(int token) {
    int start = start(token);
    return new String(source, start, end(token) - start, StandardCharsets.UTF_8);
  }

  boolean is(int token, String text) {
    int start = start(token);
    int length = text.length();
    if (end(token) - start != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (source[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The token behind the parenthesis that closes what token {@code open} opens. */
  int skip(int open) {
    int depth = 0;
    int token = open;
    do {
      switch (kinds[token]) {
        case LPAR, ANNOTATION -> depth++;
        case RPAR -> depth--;
        case EOF -> throw error(token, "unexpected token");
        default -> {}
      }
      token++;
    } while (depth > 0);
    return token;
  }

  /** The line of a token, counted from 1; cheap where tokens are asked for in order. */
  int line(int token) {
    int start = start(token);
    if (start < lineOffset) {
      line = 1;
      lineOffset = 0;
    }
    line += Position.lineEnds(source, lineOffset, start);
    lineOffset = start;
    return line;
  }

  SyntaxException error(int token, String reason) {
    return Position.error(source, start(token), reason);
  }
}
