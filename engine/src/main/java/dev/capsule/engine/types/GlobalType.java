package dev.capsule.engine.types;

/** A global type (spec 2.3.14). */
public record GlobalType(boolean mutable, ValType value) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.GLOBAL;
  }
}
