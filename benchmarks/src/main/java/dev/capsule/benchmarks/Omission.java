package dev.capsule.benchmarks;

/**
 * A measurement that was not taken.
 *
 * @param group as in {@link Measurement}
 * @param name as in {@link Measurement}
 * @param engine as in {@link Measurement}
 * @param reason why, in a few words: what the engine said, or what it cannot do
 */
public record Omission(String group, String name, String engine, String reason) {}
