package dev.capsule.engine.runtime;

import dev.capsule.engine.types.TableType;

/** A table of references (spec 4.2.7); elements are Java objects, null for null references. */
public abstract class Table {
  private final TableType type;

  protected Table(TableType type) {
    this.type = type;
  }

  /** The declared type; its minimum is the size at the start, not now. */
  public final TableType type() {
    return type;
  }

  /** The present number of elements. */
  public abstract long size();

  /** Traps with {@link TrapKind#OUT_OF_BOUNDS_TABLE} beyond the end. */
  public abstract Object get(long index);

  /** Traps with {@link TrapKind#OUT_OF_BOUNDS_TABLE} beyond the end. */
  public abstract void set(long index, Object value);

  /**
   * Grows by {@code delta} elements set to {@code value}.
   *
   * @return the old size, or -1 where the type's maximum or the store's limit forbids it
   */
  public abstract long grow(long delta, Object value);
}
