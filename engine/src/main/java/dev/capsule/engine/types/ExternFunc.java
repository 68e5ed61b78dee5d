package dev.capsule.engine.types;

/**
 * A function import or export. The type is a {@link DefType}, or {@link UnknownType} in an invalid
 * module.
 */
public record ExternFunc(HeapType type) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.FUNC;
  }

  /** The function type; null where the type is unknown or not a function's. */
  public FuncType func() {
    return type instanceof DefType def ? def.asFunc() : null;
  }
}
