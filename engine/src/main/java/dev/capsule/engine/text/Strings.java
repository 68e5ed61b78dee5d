package dev.capsule.engine.text;

import java.util.Arrays;

/** String literals (spec 6.3.3). */
final class Strings {
  private Strings() {}

  /** Length of the escape sequence at {@code i}, or 0 where it is none. */
  static int escape(byte[] source, int i) {
    if (i + 1 >= source.length) {
      return 0;
    }
    switch (source[i + 1]) {
      case 'n', 'r', 't', '\\', '\'', '"':
        return 2;
      case 'u':
        return unicode(source, i);
      default:
        return i + 2 < source.length
                && Character.digit(source[i + 1], 16) >= 0
                && Character.digit(source[i + 2], 16) >= 0
            ? 3
            : 0;
    }
  }

  private static int unicode(byte[] source, int i) {
    int at = i + 2;
    if (at >= source.length || source[at] != '{') {
      return 0;
    }
    at++;
    int start = at;
    int code = 0;
    while (at < source.length && source[at] != '}') {
      if (source[at] == '_') {
        if (at == start || source[at - 1] == '_') {
          return 0;
        }
      } else {
        int digit = Character.digit(source[at], 16);
        code = code * 16 + digit;
        if (digit < 0 || code > 0x10FFFF) {
          return 0;
        }
      }
      at++;
    }
    boolean bad =
        at >= source.length
            || at == start
            || source[at - 1] == '_'
            || code >= 0xD800 && code < 0xE000;
    return bad ? 0 : at + 1 - i;
  }

  /** The bytes that the characters between the quotes stand for; the lexer has checked them. */
  static byte[] decode(byte[] source, int start, int end) {
    byte[] bytes = new byte[end - start];
    int size = 0;
    int i = start;
    while (i < end) {
      int c = source[i];
      if (c != '\\') {
        bytes[size++] = (byte) c;
        i++;
        continue;
      }
      int length = escape(source, i);
      switch (source[i + 1]) {
        case 'n' -> bytes[size++] = '\n';
        case 'r' -> bytes[size++] = '\r';
        case 't' -> bytes[size++] = '\t';
        case '\\', '\'', '"' -> bytes[size++] = source[i + 1];
        case 'u' -> {
          int code = 0;
          for (int k = i + 3; source[k] != '}'; k++) {
            code = source[k] == '_' ? code : code * 16 + Character.digit(source[k], 16);
          }
          size = Utf8.put(code, bytes, size);
        }
        default ->
            bytes[size++] =
                (byte)
                    (Character.digit(source[i + 1], 16) * 16 + Character.digit(source[i + 2], 16));
      }
      i += length;
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /** Writes a name as a string literal. */
  static void quote(String name, StringBuilder out) {
    out.append('"');
    name.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c < 0x20 || c == 0x7F) {
                hex(c, out);
              } else {
                out.appendCodePoint(c);
              }
            });
    out.append('"');
  }

  /** Writes bytes as a string literal of ASCII. */
  static void quote(byte[] bytes, int start, int end, StringBuilder out) {
    out.append('"');
    for (int i = start; i < end; i++) {
      int c = bytes[i] & 0xFF;
      if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') {
        hex(c, out);
      } else {
        out.append((char) c);
      }
    }
    out.append('"');
  }

  private static void hex(int c, StringBuilder out) {
    out.append('\\').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
  }
}
