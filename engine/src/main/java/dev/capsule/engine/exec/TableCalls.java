package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What compiled code has called through a table, by the types that it called with. An array costs
 * time and memory in proportion to the table, so it is made after a proportional number of calls,
 * and the store bounds the sum.
 */
final class TableCalls {
  /** Elements of the table per call that is looked up before an array is made. */
  private static final int ELEMENTS_PER_CALL = 16;

  /** With more types than this arrays are given up, not searched for what has changed. */
  private static final int FEW = 16;

  private final ExecStore store;
  private Map<DefType, KnownCallables> byType = new IdentityHashMap<>();

  TableCalls(ExecStore store) {
    this.store = store;
  }

  /**
   * A call has found a callable, whose class extends the one of its signature directly.
   *
   * @param size of the table
   */
  KnownCallables found(DefType type, int index, Object callable, int size) {
    KnownCallables known = byType.computeIfAbsent(type, key -> new KnownCallables());
    if (index >= known.length()) {
      known.missed++;
      if (known.missed < size / ELEMENTS_PER_CALL || !grow(known, callable, size)) {
        return known;
      }
    }
    known.array[index] = (CompiledBody) callable;
    return known;
  }

  private boolean grow(KnownCallables known, Object callable, int size) {
    int more = size - known.length();
    if (!store.keepCallables(more)) {
      return false;
    }
    try {
      Class<?> signature = callable.getClass().getSuperclass();
      CompiledBody[] grown = (CompiledBody[]) Array.newInstance(signature, size);
      if (known.array != null) {
        System.arraycopy(known.array, 0, grown, 0, known.array.length);
      }
      known.array = grown;
      known.missed = 0;
      return true;
    } catch (OutOfMemoryError e) {
      store.keepCallables(-more);
      return false;
    }
  }

  /** Elements were written, from {@code from} up to {@code to} exclusively. */
  void changed(int from, int to) {
    boolean few = byType.size() <= FEW;
    for (KnownCallables known : byType.values()) {
      int length = known.length();
      if (!few) {
        known.array = null;
        store.keepCallables(-length);
      } else if (from < length) {
        Arrays.fill(known.array, from, Math.min(to, length), null);
      }
    }
    if (!few) {
      // Not cleared: an empty map would be as long to go through as it ever was.
      byType = new IdentityHashMap<>();
    }
  }
}
