package dev.capsule.engine.types;

/** A type index out of range; a module that holds one is invalid ("unknown type"). */
public record UnknownType(int index) implements HeapType {
  @Override
  public String toString() {
    return Integer.toUnsignedString(index);
  }
}
