package dev.capsule.engine.types;

/** An array type (spec 2.3.7). */
public record ArrayType(FieldType field) implements CompType {}
