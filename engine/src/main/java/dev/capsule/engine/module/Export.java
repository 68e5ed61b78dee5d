package dev.capsule.engine.module;

import dev.capsule.engine.types.ExternKind;

/** An export (spec 2.5.10). */
public record Export(String name, ExternKind kind, int index) {}
