package dev.capsule.engine.types;

/** A value type: a number, a vector or a reference (spec 2.3.5). */
public sealed interface ValType extends StorageType permits NumType, VecType, RefType {
  @Override
  default ValType unpacked() {
    return this;
  }

  /** Whether values are references, held as Java objects. */
  default boolean isRef() {
    return this instanceof RefType;
  }

  /** The number of 64-bit slots that a value takes in a frame: two for {@code v128}, else one. */
  default int slots() {
    return this == VecType.V128 ? 2 : 1;
  }
}
