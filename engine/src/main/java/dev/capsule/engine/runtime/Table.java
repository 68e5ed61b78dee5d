package dev.capsule.engine.runtime;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.TableInstance;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.TableType;

/** A table of references (spec 4.2.7); elements are Java objects, null for null references. */
public abstract non-sealed class Table implements Extern {
  private final TableType type;

  protected Table(TableType type) {
    this.type = type;
  }

  /**
   * A new table with every element set to {@code init}.
   *
   * @throws LimitException if the store does not allow so many elements
   * @throws IllegalArgumentException if {@code init} is not of the element type
   */
  public static Table create(Store store, TableType type, Object init) {
    return TableInstance.create((ExecStore) store, type, init);
  }

  /** The declared type; its minimum is the size at the start, not now. */
  public final TableType type() {
    return type;
  }

  @Override
  public final ExternType externType() {
    return new TableType(type.address(), new Limits(size(), type.limits().max()), type.element());
  }

  /** The store that this table belongs to. */
  public abstract Store store();

  /** The present number of elements. */
  public abstract long size();

  /** Traps with {@link TrapKind#OUT_OF_BOUNDS_TABLE} beyond the end. */
  public abstract Object get(long index);

  /**
   * Traps with {@link TrapKind#OUT_OF_BOUNDS_TABLE} beyond the end.
   *
   * @throws IllegalArgumentException if the value is not of the element type
   */
  public abstract void set(long index, Object value);

  /**
   * Grows by {@code delta} elements set to {@code value}.
   *
   * @return the old size, or -1 where the type's maximum or the store's limit forbids it
   * @throws IllegalArgumentException if the value is not of the element type
   */
  public abstract long grow(long delta, Object value);
}
