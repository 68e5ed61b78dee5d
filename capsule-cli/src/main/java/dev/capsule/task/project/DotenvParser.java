package dev.capsule.task.project;

import java.util.Map;

/**
 * Reads a {@code .env} file: {@code NAME=value} lines, optionally after {@code export}; comments
 * from {@code #} on; values bare, in single quotes (as they are), or in double quotes (with {@code
 * \n \r \t \\ \" \$} and over several lines); {@code $NAME} and {@code ${NAME}} in bare and double
 * quoted values stand for earlier values or the process's variables.
 */
final class DotenvParser {
  private final String text;
  private final Map<String, String> values;
  private final Map<String, String> process;
  private int at;
  private int line = 1;

  private DotenvParser(String text, Map<String, String> values, Map<String, String> process) {
    this.text = text.replace("\r\n", "\n");
    this.values = values;
    this.process = process;
  }

  /** Adds the variables of {@code text} to {@code values}; later ones replace earlier ones. */
  static void parse(String text, Map<String, String> values, Map<String, String> process) {
    new DotenvParser(text, values, process).run();
  }

  private void run() {
    if (text.startsWith("\ufeff")) {
      at++;
    }
    while (at < text.length()) {
      blanks();
      if (!atEnd() && peek() != '#') {
        String name = name();
        if (name.equals("export") && !atEnd() && peek() != '=') {
          name = name();
        }
        blanks();
        if (atEnd() || peek() != '=') {
          throw wrong("\"=\" is missing after " + name);
        }
        at++;
        blanks();
        values.put(name, value());
        blanks();
        if (!atEnd() && peek() != '#') {
          throw wrong("text after the value of " + name);
        }
      }
      while (!atEnd()) {
        at++;
      }
      at++;
      line++;
    }
  }

  private String name() {
    blanks();
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at), at == start)) {
      at++;
    }
    if (at == start) {
      throw wrong("a variable's name is missing");
    }
    return text.substring(start, at);
  }

  private String value() {
    if (atEnd()) {
      return "";
    }
    return switch (peek()) {
      case '\'' -> single();
      case '"' -> quoted();
      default -> bare();
    };
  }

  private String single() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw wrong("the closing quote is missing");
    }
    String value = text.substring(at + 1, end);
    line += (int) value.chars().filter(c -> c == '\n').count();
    at = end + 1;
    return value;
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '$') {
        value.append(substitution());
      } else if (c == '\\' && at + 1 < text.length()) {
        value.append(unescape(text.charAt(at + 1)));
        at += 2;
      } else {
        line += c == '\n' ? 1 : 0;
        value.append(c);
        at++;
      }
    }
    if (at >= text.length()) {
      throw wrong("the closing quote is missing");
    }
    at++;
    return value.toString();
  }

  private String unescape(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '\\', '"', '$' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }

  private String bare() {
    StringBuilder value = new StringBuilder();
    while (!atEnd()) {
      char c = peek();
      if (c == '#' && !value.isEmpty() && isBlank(value.charAt(value.length() - 1))) {
        break;
      } else if (c == '$') {
        value.append(substitution());
      } else {
        value.append(c);
        at++;
      }
    }
    return value.toString().strip();
  }

  private String substitution() {
    boolean braces = text.startsWith("${", at);
    int start = at + (braces ? 2 : 1);
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end), end == start)) {
      end++;
    }
    if (end == start) {
      if (braces) {
        throw wrong("a variable's name is missing after ${");
      }
      at++;
      return "$";
    }
    if (braces && (end >= text.length() || text.charAt(end) != '}')) {
      throw wrong("} is missing after ${" + text.substring(start, end));
    }
    at = end + (braces ? 1 : 0);
    String name = text.substring(start, end);
    return process.getOrDefault(name, values.getOrDefault(name, ""));
  }

  private void blanks() {
    while (!atEnd() && isBlank(peek())) {
      at++;
    }
  }

  private boolean atEnd() {
    return at >= text.length() || text.charAt(at) == '\n';
  }

  private char peek() {
    return text.charAt(at);
  }

  private ProjectException wrong(String reason) {
    return new ProjectException("line " + line + ": " + reason);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isNamePart(char c, boolean first) {
    return c == '_'
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (!first && (c == '.' || (c >= '0' && c <= '9')));
  }
}
