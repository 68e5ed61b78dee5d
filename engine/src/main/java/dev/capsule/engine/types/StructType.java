package dev.capsule.engine.types;

import java.util.List;

/** A struct type (spec 2.3.7). */
public record StructType(List<FieldType> fields) implements CompType {
  public StructType {
    fields = List.copyOf(fields);
  }
}
