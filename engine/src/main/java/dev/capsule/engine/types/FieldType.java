package dev.capsule.engine.types;

/** The type of a field of a struct or of an array's elements (spec 2.3.7). */
public record FieldType(boolean mutable, StorageType storage) {
  @Override
  public String toString() {
    return mutable ? "(mut " + storage + ")" : storage.toString();
  }
}
