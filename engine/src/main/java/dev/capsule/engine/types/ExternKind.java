package dev.capsule.engine.types;

/** Kinds of imports and exports, in the order of their codes in the binary format (spec 5.5.5). */
public enum ExternKind {
  FUNC("func"),
  TABLE("table"),
  MEMORY("memory"),
  GLOBAL("global"),
  TAG("tag");

  private final String text;

  ExternKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
