package dev.capsule.engine.types;

/** A composite type: function, struct or array (spec 2.3.8). */
public sealed interface CompType permits FuncType, StructType, ArrayType {}
