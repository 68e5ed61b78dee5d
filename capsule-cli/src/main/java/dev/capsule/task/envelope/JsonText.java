package dev.capsule.task.envelope;

import java.util.HashSet;
import java.util.Set;

/**
 * The text of one JSON value (RFC 8259), checked and without white space between tokens. Order of
 * keys, spelling of numbers and escapes stay as they came, so nothing is lost however large it is;
 * the work needs no more memory than the text.
 */
public final class JsonText {
  /** How deep values may be nested. */
  public static final int MAX_DEPTH = 512;

  private final String in;
  private final StringBuilder out;
  private final Set<String> keys = new HashSet<>();
  private final boolean[] inObject = new boolean[MAX_DEPTH + 1];
  private int depth;
  private int at;

  private JsonText(String in) {
    this.in = in;
    this.out = new StringBuilder(in.length());
  }

  /**
   * A checked value.
   *
   * @param text without white space
   * @param keys if it is an object, its keys, as far as they have no escapes
   */
  public record Value(String text, Set<String> keys) {}

  /**
   * Checks and compacts a value from a stranger.
   *
   * @throws InvalidJsonException if it is not exactly one value, or nested too deeply
   */
  public static Value check(String json) {
    JsonText scan = new JsonText(json);
    scan.run();
    return new Value(scan.out.toString(), scan.keys);
  }

  /** A text as a JSON string, with its quotes. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f || isLoneSurrogate(text, i)) {
            escape(c, out);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** One turn reads a value or what stands between two values. */
  private void run() {
    boolean more = true;
    while (more) {
      more = value() ? between() : true;
    }
    space();
    if (at < in.length()) {
      throw wrong("more text after the value");
    }
  }

  /** Reads a value, or only the start of one that has members; true if the value is complete. */
  private boolean value() {
    space();
    char c = next("a value");
    switch (c) {
      case '{', '[' -> {
        return !open(c);
      }
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
    return true;
  }

  /** Starts an object or array; true if it has a member, which then has to be read. */
  private boolean open(char bracket) {
    if (depth == MAX_DEPTH) {
      throw wrong("nested deeper than " + MAX_DEPTH);
    }
    copy();
    inObject[++depth] = bracket == '{';
    space();
    if (next("a closing bracket") == (inObject[depth] ? '}' : ']')) {
      copy();
      depth--;
      return false;
    }
    if (inObject[depth]) {
      key();
    }
    return true;
  }

  /** After a complete value: closes what ends here; true if another value has to be read. */
  private boolean between() {
    while (depth > 0) {
      space();
      char c = next("a comma or a closing bracket");
      if (c == ',') {
        copy();
        if (inObject[depth]) {
          space();
          key();
        }
        return true;
      }
      if (c != (inObject[depth] ? '}' : ']')) {
        throw wrong("a comma or a closing bracket is missing");
      }
      copy();
      depth--;
    }
    return false;
  }

  private void key() {
    if (next("a key") != '"') {
      throw wrong("a key in quotes is missing");
    }
    int start = at;
    string();
    if (depth == 1) {
      keys.add(in.substring(start + 1, at - 1));
    }
    space();
    if (next("a colon") != ':') {
      throw wrong("a colon is missing");
    }
    copy();
  }

  private void string() {
    copy();
    while (true) {
      char c = next("the end of a string");
      if (c == '"') {
        copy();
        return;
      } else if (c == '\\') {
        escapeSequence();
      } else if (c < 0x20) {
        throw wrong("a control character in a string");
      } else if (isLoneSurrogate(in, at)) {
        escape(c, out);
        at++;
      } else {
        copy();
      }
    }
  }

  private void escapeSequence() {
    copy();
    char c = next("an escape sequence");
    if ("\"\\/bfnrtu".indexOf(c) < 0) {
      throw wrong("an unknown escape sequence");
    }
    copy();
    if (c == 'u') {
      for (int i = 0; i < 4; i++) {
        if (!isHex(next("four hexadecimal digits"))) {
          throw wrong("four hexadecimal digits are missing");
        }
        copy();
      }
    }
  }

  private void number() {
    int start = at;
    take('-');
    if (!take('0')) {
      digits(start);
    }
    if (take('.')) {
      digits(start);
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      digits(start);
    }
    out.append(in, start, at);
  }

  private void digits(int start) {
    int first = at;
    while (at < in.length() && in.charAt(at) >= '0' && in.charAt(at) <= '9') {
      at++;
    }
    if (at == first) {
      at = start;
      throw wrong("no JSON value");
    }
  }

  private boolean take(char c) {
    if (at < in.length() && in.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void word(String word) {
    if (!in.startsWith(word, at)) {
      throw wrong("no JSON value");
    }
    out.append(word);
    at += word.length();
  }

  private void space() {
    while (at < in.length() && " \t\r\n".indexOf(in.charAt(at)) >= 0) {
      at++;
    }
  }

  private char next(String wanted) {
    if (at == in.length()) {
      throw wrong("it ends before " + wanted);
    }
    return in.charAt(at);
  }

  private void copy() {
    out.append(in.charAt(at++));
  }

  private InvalidJsonException wrong(String reason) {
    int end = Math.min(in.length(), at + 20);
    return new InvalidJsonException(
        "invalid JSON at character " + at + ", " + quote(in.substring(at, end)) + ": " + reason);
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static void escape(char c, StringBuilder out) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((c >> shift) & 15, 16));
    }
  }
}
