package dev.capsule.engine.module;

import dev.capsule.engine.types.ExternType;

/** An import (spec 2.5.11). */
public record Import(String module, String name, ExternType type) {}
