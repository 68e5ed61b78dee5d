package dev.capsule.engine.types;

/** Vector types (spec 2.3.2). */
public enum VecType implements ValType {
  V128;

  @Override
  public boolean defaultable() {
    return true;
  }

  @Override
  public String toString() {
    return "v128";
  }
}
