package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Table;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.DefType;
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

  /** What compiled code has called through this table; null until it does. */
  private TableCalls calls;

  public TableInstance(ExecStore store, TableType type, Object[] elements) {
    super(type);
    this.store = store;
    this.elements = elements;
  }

  /** {@link Table#create}. */
  public static TableInstance create(ExecStore store, TableType type, Object init) {
    References.require(init, type.element(), "initial element");
    TableInstance table = allocate(store, type, type.limits().min());
    Arrays.fill(table.elements, store.own(init));
    return table;
  }

  /** A table of nulls, whatever its element type: instantiation fills it before it is seen. */
  static TableInstance allocate(ExecStore store, TableType type, long size) {
    if (Long.compareUnsigned(size, MAX_ELEMENTS) > 0) {
      throw new LimitException("elements of one table", MAX_ELEMENTS, size);
    }
    store.limiter.requireTable(size);
    try {
      return new TableInstance(store, type, new Object[(int) size]);
    } catch (OutOfMemoryError e) {
      store.limiter.releaseTable(size);
      throw new LimitException(
          "bytes of the host's heap", Runtime.getRuntime().maxMemory(), 8 * size);
    }
  }

  @Override
  public Store store() {
    return store;
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
    References.require(value, type().element(), "element");
    elements[check(index)] = store.own(value);
    changed((int) index, (int) index + 1);
  }

  /** Elements were written, from {@code from} up to {@code to} exclusively. */
  void changed(int from, int to) {
    if (calls != null) {
      calls.changed(from, to);
    }
  }

  /**
   * Compiled code has found a callable for an indirect call of {@code type} at an index.
   *
   * @return where to look for it the next time
   */
  public KnownCallables found(DefType type, int index, Object callable) {
    if (calls == null) {
      calls = new TableCalls(store);
    }
    return calls.found(type, index, callable, elements.length);
  }

  private int check(long index) {
    if (index < 0 || index >= elements.length) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_TABLE);
    }
    return (int) index;
  }

  @Override
  public long grow(long delta, Object value) {
    References.require(value, type().element(), "element");
    return growBy(delta, store.own(value));
  }

  /** {@code table.grow}, whose operand validation has checked; {@code delta} is unsigned. */
  public long growBy(long delta, Object value) {
    long declared = type().limits().max().orElse(-1);
    long max = Long.compareUnsigned(declared, MAX_ELEMENTS) < 0 ? declared : MAX_ELEMENTS;
    int old = elements.length;
    if (Long.compareUnsigned(delta, max - old) > 0
        || max < old
        || !store.limiter.growTable(delta)) {
      return -1;
    }
    try {
      Object[] grown = Arrays.copyOf(elements, (int) (old + delta));
      Arrays.fill(grown, old, grown.length, value);
      elements = grown;
    } catch (OutOfMemoryError e) {
      store.limiter.releaseTable(delta);
      return -1;
    }
    return old;
  }
}
