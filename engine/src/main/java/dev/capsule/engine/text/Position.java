package dev.capsule.engine.text;

import dev.capsule.engine.module.SyntaxException;

/** A place in a source text, both counted from 1, the column in code points. */
record Position(int line, int column) {
  /** The place of a byte. Lines end with a line feed, a carriage return, or both. */
  static Position of(byte[] source, int offset) {
    int lineStart = offset;
    while (lineStart > 0 && !endsLine(source, lineStart - 1)) {
      lineStart--;
    }
    int column = 1;
    for (int i = lineStart; i < offset; i++) {
      if ((source[i] & 0xC0) != 0x80) {
        column++;
      }
    }
    return new Position(1 + lineEnds(source, 0, lineStart), column);
  }

  /** The number of lines that end between two offsets. */
  static int lineEnds(byte[] source, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      if (endsLine(source, i)) {
        count++;
      }
    }
    return count;
  }

  private static boolean endsLine(byte[] source, int i) {
    return source[i] == '\n'
        || source[i] == '\r' && (i + 1 == source.length || source[i + 1] != '\n');
  }

  static SyntaxException error(byte[] source, int offset, String reason) {
    Position position = of(source, offset);
    return new SyntaxException(reason, position.line, position.column);
  }
}
