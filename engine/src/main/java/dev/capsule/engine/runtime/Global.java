package dev.capsule.engine.runtime;

import dev.capsule.engine.types.GlobalType;

/** A global variable (spec 4.2.9). */
public abstract class Global {
  private final GlobalType type;

  protected Global(GlobalType type) {
    this.type = type;
  }

  public final GlobalType type() {
    return type;
  }

  /** The value: Integer, Long, Float, Double, {@link V128}, or the reference. */
  public abstract Object get();

  /**
   * Sets the value.
   *
   * @throws IllegalStateException if the global is immutable
   * @throws IllegalArgumentException if the value is not of the global's type
   */
  public abstract void set(Object value);
}
