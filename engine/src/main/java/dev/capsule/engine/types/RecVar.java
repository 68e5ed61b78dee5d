package dev.capsule.engine.types;

/** A reference to the {@code index}-th member of the enclosing recursive group (spec 3.1.3). */
public record RecVar(int index) implements HeapType {
  @Override
  public String toString() {
    return "rec." + index;
  }
}
