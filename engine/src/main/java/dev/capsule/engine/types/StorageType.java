package dev.capsule.engine.types;

/** A storage type: what a field of a struct or an array holds (spec 2.3.7). */
public sealed interface StorageType permits ValType, PackedType {
  /** The value type that reading this storage yields: {@code i32} for packed storage. */
  ValType unpacked();

  /** Whether a default value exists: everything but non-nullable references. */
  boolean defaultable();
}
