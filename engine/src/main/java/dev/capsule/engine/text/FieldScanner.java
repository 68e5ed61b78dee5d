package dev.capsule.engine.text;

import java.util.ArrayList;
import java.util.List;

/** The first pass over a module's fields: indices and identifiers, so that uses may come first. */
final class FieldScanner {
  private final Cursor in;
  private final ModuleScope scope;

  /** What the module has defined so far, which imports must precede; null for nothing. */
  private String defined;

  FieldScanner(Cursor in, ModuleScope scope) {
    this.in = in;
    this.scope = scope;
  }

  /** The tokens at which fields begin. The cursor is left behind the last field. */
  List<Integer> scan() {
    List<Integer> fields = new ArrayList<>();
    while (in.is(Tokens.LPAR) || in.is(Tokens.ANNOTATION)) {
      int start = in.position();
      fields.add(start);
      if (in.is(Tokens.LPAR)) {
        in.advance();
        field();
      }
      in.seek(in.tokens().skip(start));
    }
    return fields;
  }

  private void field() {
    if (!in.is(Tokens.KEYWORD)) {
      throw in.unexpected();
    }
    switch (in.text()) {
      case "type" -> type();
      case "rec" -> rec();
      case "import" -> importField();
      case "func", "table", "memory", "global", "tag" -> definition();
      case "elem" -> {
        in.advance();
        scope.elems.bind(in);
      }
      case "data" -> {
        in.advance();
        scope.datas.bind(in);
      }
      case "export", "start" -> {}
      default -> throw in.unexpected();
    }
  }

  private void type() {
    in.advance();
    scope.types.bind(in);
  }

  private void rec() {
    in.advance();
    while (in.isOpen("type")) {
      int start = in.position();
      in.advance();
      type();
      in.seek(in.tokens().skip(start));
    }
  }

  private void importField() {
    if (defined != null) {
      throw in.error("import after " + defined);
    }
    in.advance();
    in.expect(Tokens.STRING);
    in.expect(Tokens.STRING);
    in.expect(Tokens.LPAR);
    IndexSpace space = in.is(Tokens.KEYWORD) ? space(in.text()) : null;
    if (space == null) {
      throw in.unexpected();
    }
    in.advance();
    space.bind(in);
  }

  private IndexSpace space(String kind) {
    return switch (kind) {
      case "func" -> scope.funcs;
      case "table" -> scope.tables;
      case "memory" -> scope.memories;
      case "global" -> scope.globals;
      case "tag" -> scope.tags;
      default -> null;
    };
  }

  private void definition() {
    String kind = in.text();
    int open = in.position() - 1;
    in.advance();
    space(kind).bind(in);
    if (in.is(Tokens.ANNOTATION)) {
      in.seek(in.tokens().skip(in.position()));
    }
    while (in.isOpen("export")) {
      in.seek(in.tokens().skip(in.position()));
    }
    if (in.isOpen("import")) {
      if (defined != null) {
        throw in.error("import after " + defined);
      }
      return;
    }
    defined = kind.equals("func") ? "function" : kind;
    if (kind.equals("table") && holds(open, "elem")) {
      scope.elems.skip(1);
    } else if (kind.equals("memory") && holds(open, "data")) {
      scope.datas.skip(1);
    }
  }

  /** Whether this parenthesised form begins one of its parts with a keyword. */
  private boolean holds(int open, String keyword) {
    int token = open + 1;
    while (in.tokens().kind(token) != Tokens.RPAR) {
      in.seek(token);
      if (in.isOpen(keyword)) {
        return true;
      }
      token = in.is(Tokens.LPAR) || in.is(Tokens.ANNOTATION) ? in.tokens().skip(token) : token + 1;
      if (in.tokens().kind(token) == Tokens.EOF) {
        break;
      }
    }
    return false;
  }
}
