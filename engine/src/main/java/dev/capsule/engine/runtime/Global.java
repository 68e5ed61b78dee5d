package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.GlobalInstance;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.GlobalType;

/**
 * A global variable (spec 4.2.9). Numbers are not bound to a store. A mutable global of references
 * belongs to the store of its instance, or else to the first one whose instance imports it; an
 * immutable one can be imported where its value belongs.
 */
public abstract non-sealed class Global implements Extern {
  private final GlobalType type;

  protected Global(GlobalType type) {
    this.type = type;
  }

  /**
   * A new global.
   *
   * @param value Integer, Long, Float, Double, {@link V128}, or a reference
   * @throws IllegalArgumentException if the value is not of the global's type
   */
  public static Global create(GlobalType type, Object value) {
    References.require(value, type.value(), "global");
    GlobalInstance global = new GlobalInstance(type);
    global.init(value);
    return global;
  }

  public final GlobalType type() {
    return type;
  }

  @Override
  public final ExternType externType() {
    return type;
  }

  /** The value: Integer, Long, Float, Double, {@link V128}, or the reference. */
  public abstract Object get();

  /**
   * Sets the value.
   *
   * @throws IllegalStateException if the global is immutable
   * @throws IllegalArgumentException if the value is not of the global's type, or belongs to
   *     another store than the global
   */
  public abstract void set(Object value);
}
