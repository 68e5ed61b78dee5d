package dev.capsule.engine.module;

import dev.capsule.engine.types.GlobalType;

/** A global with its initial value (spec 2.5.8). */
public record GlobalDef(GlobalType type, CodeSlice init) {}
