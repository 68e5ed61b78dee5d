package dev.capsule.engine.types;

/** Packed storage of aggregates: integers narrower than {@code i32} (spec 2.3.7). */
public enum PackedType implements StorageType {
  I8("i8"),
  I16("i16");

  private final String text;

  PackedType(String text) {
    this.text = text;
  }

  @Override
  public ValType unpacked() {
    return NumType.I32;
  }

  @Override
  public boolean defaultable() {
    return true;
  }

  @Override
  public String toString() {
    return text;
  }
}
