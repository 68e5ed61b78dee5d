package dev.capsule.engine.runtime;

/** A vector of 128 bits; {@code low} holds bytes 0 to 7, little-endian. */
public record V128(long low, long high) {}
