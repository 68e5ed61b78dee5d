package dev.capsule.engine.text;

import dev.capsule.engine.module.SyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** A place among tokens, with the questions and demands that every part of the parser has. */
final class Cursor {
  private final Tokens tokens;
  private int at;

  Cursor(Tokens tokens, int at) {
    this.tokens = tokens;
    this.at = at;
  }

  Tokens tokens() {
    return tokens;
  }

  /** The index of the present token. */
  int position() {
    return at;
  }

  void seek(int token) {
    at = token;
  }

  void advance() {
    at++;
  }

  byte kind() {
    return tokens.kind(at);
  }

  boolean is(byte kind) {
    return tokens.kind(at) == kind;
  }

  boolean isAhead(int ahead, byte kind) {
    return tokens.kind(at + ahead) == kind;
  }

  String text() {
    return tokens.text(at);
  }

  boolean isKeyword(String keyword) {
    return tokens.kind(at) == Tokens.KEYWORD && tokens.is(at, keyword);
  }

  boolean acceptKeyword(String keyword) {
    if (!isKeyword(keyword)) {
      return false;
    }
    at++;
    return true;
  }

  void expectKeyword(String keyword) {
    if (!acceptKeyword(keyword)) {
      throw unexpected();
    }
  }

  /** Whether an opening parenthesis with this keyword is here. */
  boolean isOpen(String keyword) {
    return tokens.kind(at) == Tokens.LPAR
        && tokens.kind(at + 1) == Tokens.KEYWORD
        && tokens.is(at + 1, keyword);
  }

  boolean acceptOpen(String keyword) {
    if (!isOpen(keyword)) {
      return false;
    }
    at += 2;
    return true;
  }

  void expectOpen(String keyword) {
    if (!acceptOpen(keyword)) {
      expect(Tokens.LPAR);
      throw unexpected();
    }
  }

  void expect(byte kind) {
    if (tokens.kind(at) != kind) {
      throw unexpected();
    }
    at++;
  }

  void close() {
    expect(Tokens.RPAR);
  }

  boolean isAnnotation(String name) {
    return tokens.kind(at) == Tokens.ANNOTATION && annotation().equals(name);
  }

  /** The name of the annotation that begins here. */
  String annotation() {
    int start = tokens.start(at);
    return tokens.source()[start] == '"'
        ? new String(
            Strings.decode(tokens.source(), start + 1, tokens.end(at) - 1), StandardCharsets.UTF_8)
        : tokens.text(at);
  }

  /** The error of a token that does not belong here. */
  SyntaxException unexpected() {
    switch (kind()) {
      case Tokens.RESERVED:
        return error(
            text().equals("$") ? "empty identifier" : "unknown operator " + abbreviated(text()));
      case Tokens.KEYWORD:
        return Keywords.known(text())
            ? error("unexpected token " + text())
            : error("unknown operator " + abbreviated(text()));
      case Tokens.ANNOTATION:
        return error("misplaced @" + annotation() + " annotation");
      case Tokens.EOF:
        return error("unexpected token: end of text");
      default:
        return error("unexpected token " + abbreviated(text()));
    }
  }

  private static String abbreviated(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  SyntaxException error(String reason) {
    return tokens.error(at, reason);
  }

  boolean isIndex() {
    byte kind = kind();
    return kind == Tokens.NAT || kind == Tokens.ID;
  }

  /** The identifier here without its dollar sign, or null. */
  String id() {
    if (!is(Tokens.ID)) {
      return null;
    }
    String id = idText();
    at++;
    return id;
  }

  /** The identifier here; the token must be one. */
  String idText() {
    int start = tokens.start(at) + 1;
    byte[] source = tokens.source();
    if (source[start] != '"') {
      return tokens.text(at).substring(1);
    }
    byte[] bytes = Strings.decode(source, start + 1, tokens.end(at) - 1);
    if (bytes.length == 0) {
      throw error("empty identifier");
    }
    if (!Utf8.valid(bytes)) {
      throw error("malformed UTF-8 encoding");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A string of any bytes. */
  byte[] string() {
    if (!is(Tokens.STRING)) {
      throw unexpected();
    }
    byte[] bytes = Strings.decode(tokens.source(), tokens.start(at) + 1, tokens.end(at) - 1);
    at++;
    return bytes;
  }

  /** Strings until the next other token, joined. */
  byte[] strings() {
    CodeBuffer all = new CodeBuffer();
    while (is(Tokens.STRING)) {
      all.bytes(string());
    }
    return all.toByteArray();
  }

  /** A string that is valid UTF-8. */
  String name() {
    int token = at;
    byte[] bytes = string();
    if (!Utf8.valid(bytes)) {
      throw tokens.error(token, "malformed UTF-8 encoding");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** An unsigned number of 32 bits. */
  int u32() {
    if (!is(Tokens.NAT)) {
      throw unexpected();
    }
    OptionalLong value = Numbers.unsigned(text());
    if (value.isEmpty() || value.getAsLong() >>> 32 != 0) {
      throw error("i32 constant out of range");
    }
    at++;
    return (int) value.getAsLong();
  }

  /** An unsigned number of 64 bits. */
  long u64() {
    if (!is(Tokens.NAT)) {
      throw unexpected();
    }
    OptionalLong value = Numbers.unsigned(text());
    if (value.isEmpty()) {
      throw error("i64 constant out of range");
    }
    at++;
    return value.getAsLong();
  }

  private boolean isNumber() {
    byte kind = kind();
    return kind == Tokens.NAT || kind == Tokens.INT || kind == Tokens.FLOAT;
  }

  /** An integer literal of {@code bits} bits, sign-extended. */
  long integer(int bits) {
    if (!is(Tokens.NAT) && !is(Tokens.INT)) {
      throw unexpected();
    }
    OptionalLong value = Numbers.integer(text(), bits);
    if (value.isEmpty()) {
      throw error("constant out of range");
    }
    at++;
    return value.getAsLong();
  }

  int float32() {
    if (!isNumber()) {
      throw unexpected();
    }
    int bits = Numbers.float32(text()).orElseThrow(() -> error("constant out of range"));
    at++;
    return bits;
  }

  long float64() {
    if (!isNumber()) {
      throw unexpected();
    }
    long bits = Numbers.float64(text()).orElseThrow(() -> error("constant out of range"));
    at++;
    return bits;
  }
}
