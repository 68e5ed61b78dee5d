package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.Arrays;

/**
 * Instructions on tables (spec 4.6.7). Indices and lengths are unsigned 64-bit numbers: the tiers
 * zero-extend those of 32-bit tables.
 */
public final class TableOps {
  /** Elements that are moved between two looks at deadline and interruption. */
  private static final int STEP = 1 << 21;

  private static final int COPIED_AT_ONCE = 1 << 15;

  private TableOps() {}

  private static Trap outOfBounds() {
    return new Trap(TrapKind.OUT_OF_BOUNDS_TABLE);
  }

  /** {@code table.get}. */
  public static Object get(TableInstance table, long index) {
    Object[] elements = table.elements;
    if (index < 0 || index >= elements.length) {
      throw outOfBounds();
    }
    return elements[(int) index];
  }

  /** {@code table.set}. */
  public static void set(TableInstance table, long index, Object value) {
    Object[] elements = table.elements;
    if (index < 0 || index >= elements.length) {
      throw outOfBounds();
    }
    elements[(int) index] = value;
    table.changed((int) index, (int) index + 1);
  }

  /** The function that {@code call_indirect} finds at an index; its type is not checked here. */
  public static FuncInstance callee(TableInstance table, long index) {
    Object[] elements = table.elements;
    if (index < 0 || index >= elements.length) {
      throw new Trap(TrapKind.UNDEFINED_ELEMENT);
    }
    Object func = elements[(int) index];
    if (func == null) {
      throw new Trap(TrapKind.UNINITIALIZED_ELEMENT);
    }
    return (FuncInstance) func;
  }

  /** {@code table.grow}: the old size, or -1. Looks at the time as {@code memory.grow} does. */
  public static long grow(ExecStore store, TableInstance table, Object value, long delta) {
    if (table.elements.length > COPIED_AT_ONCE) {
      store.checkInterruption();
    }
    long old = table.growBy(delta, value);
    if (old >= 0) {
      store.chargeBulk(delta >>> 3);
    }
    return old;
  }

  private static void check(int size, long index, long length) {
    if (Long.compareUnsigned(length, size) > 0 || Long.compareUnsigned(index, size - length) > 0) {
      throw outOfBounds();
    }
  }

  /** {@code table.fill}. */
  public static void fill(
      ExecStore store, TableInstance table, long index, Object value, long length) {
    Object[] elements = table.elements;
    check(elements.length, index, length);
    store.chargeBulk(length >>> 3);
    int end = (int) (index + length);
    table.changed((int) index, end);
    for (int from = (int) index; from < end; from += STEP) {
      if (from != index) {
        store.checkInterruption();
      }
      Arrays.fill(elements, from, Math.min(from + STEP, end), value);
    }
  }

  /** {@code table.copy}; the tables may be the same one. */
  public static void copy(
      ExecStore store,
      TableInstance to,
      long target,
      TableInstance from,
      long source,
      long length) {
    check(from.elements.length, source, length);
    check(to.elements.length, target, length);
    store.chargeBulk(length >>> 3);
    to.changed((int) target, (int) (target + length));
    boolean backwards = to == from && target > source;
    for (long done = 0; done < length; done += STEP) {
      if (done > 0) {
        store.checkInterruption();
      }
      int part = (int) Math.min(STEP, length - done);
      long at = backwards ? length - done - part : done;
      System.arraycopy(from.elements, (int) (source + at), to.elements, (int) (target + at), part);
    }
  }

  /** {@code table.init}; source and length are 32-bit numbers. */
  public static void init(
      ModuleInstance instance,
      int segment,
      TableInstance table,
      long target,
      int source,
      int length) {
    Object[] from = checkElem(instance, segment, source, length);
    check(table.elements.length, target, length & 0xFFFFFFFFL);
    instance.store.chargeBulk(length >>> 3);
    System.arraycopy(from, source, table.elements, (int) target, length);
    table.changed((int) target, (int) target + length);
  }

  /** Writes a whole segment into a table at instantiation, which takes no fuel. */
  static void init(TableInstance table, long target, Object[] segment) {
    check(table.elements.length, target, segment.length);
    System.arraycopy(segment, 0, table.elements, (int) target, segment.length);
    table.changed((int) target, (int) target + segment.length);
  }

  private static final Object[] DROPPED = new Object[0];

  /** The elements of a segment, of which {@code length} from {@code source} on exist. */
  static Object[] checkElem(ModuleInstance instance, int segment, int source, int length) {
    Object[] elements = instance.elems[segment];
    if (elements == null) {
      elements = DROPPED;
    }
    check(elements.length, source & 0xFFFFFFFFL, length & 0xFFFFFFFFL);
    return elements;
  }

  /** {@code elem.drop}. */
  public static void drop(ModuleInstance instance, int segment) {
    instance.elems[segment] = null;
  }
}
