package dev.capsule.engine.module;

/**
 * A custom section (spec 5.5.3): bytes {@code start} to {@code end} of a shared array, and the id
 * of the non-custom section that precedes it (0 where it comes first).
 */
public record CustomSection(String name, byte[] bytes, int start, int end, int after) {}
