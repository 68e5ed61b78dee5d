package dev.capsule.engine.types;

/** A table type (spec 2.3.12). */
public record TableType(AddressType address, Limits limits, RefType element) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.TABLE;
  }
}
