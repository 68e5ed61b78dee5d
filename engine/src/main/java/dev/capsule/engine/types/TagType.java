package dev.capsule.engine.types;

/**
 * The type of an exception tag (spec 2.3.13). The type is a {@link DefType}, or {@link UnknownType}
 * in an invalid module.
 */
public record TagType(HeapType type) implements ExternType {
  @Override
  public ExternKind kind() {
    return ExternKind.TAG;
  }

  /** The function type; null where the type is unknown or not a function's. */
  public FuncType func() {
    return type instanceof DefType def ? def.asFunc() : null;
  }
}
