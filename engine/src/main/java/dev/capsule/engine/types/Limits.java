package dev.capsule.engine.types;

import java.util.OptionalLong;

/**
 * Size limits of a memory (in its pages) or a table (in elements), as unsigned 64-bit numbers (spec
 * 2.3.10).
 */
public record Limits(long min, OptionalLong max) {
  public static Limits of(long min) {
    return new Limits(min, OptionalLong.empty());
  }

  public static Limits of(long min, long max) {
    return new Limits(min, OptionalLong.of(max));
  }

  /**
   * Whether something with these limits may be imported where {@code other} is asked for (3.4.4).
   */
  public boolean matches(Limits other) {
    return Long.compareUnsigned(min, other.min) >= 0
        && (other.max.isEmpty()
            || max.isPresent()
                && Long.compareUnsigned(max.getAsLong(), other.max.getAsLong()) <= 0);
  }

  /** Whether something with these limits may have this size. */
  public boolean allows(long size) {
    return Long.compareUnsigned(size, min) >= 0
        && (max.isEmpty() || Long.compareUnsigned(size, max.getAsLong()) <= 0);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(min)
        + (max.isPresent() ? " " + Long.toUnsignedString(max.getAsLong()) : "");
  }
}
