package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Table;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.TableType;
import java.util.Arrays;

/**
 * A table as the tiers see it. {@code elements} has exactly the table's size; growing replaces it.
 */
public final class TableInstance extends Table {
  /** A table never holds more elements than this, whatever its type says. */
  public static final int MAX_ELEMENTS = 10_000_000;

  public Object[] elements;
  private final ExecStore store;

  public TableInstance(ExecStore store, TableType type, Object[] elements) {
    super(type);
    this.store = store;
    this.elements = elements;
  }

  @Override
  public long size() {
    return elements.length;
  }

  @Override
  public Object get(long index) {
    return elements[check(index)];
  }

  @Override
  public void set(long index, Object value) {
    elements[check(index)] = value;
  }

  private int check(long index) {
    if (index < 0 || index >= elements.length) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_TABLE);
    }
    return (int) index;
  }

  @Override
  public long grow(long delta, Object value) {
    long max = type().limits().max().isPresent() ? type().limits().max().getAsLong() : -1L;
    long old = elements.length;
    long size = old + delta;
    if (delta < 0
        || size > MAX_ELEMENTS
        || Long.compareUnsigned(size, max) > 0
        || !store.limiter.growTable(delta)) {
      return -1;
    }
    Object[] grown = Arrays.copyOf(elements, (int) size);
    Arrays.fill(grown, (int) old, (int) size, value);
    elements = grown;
    return old;
  }
}
