package dev.capsule.engine.validation;

import dev.capsule.engine.module.FunctionBody.LocalGroup;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The types of a function's parameters and declared locals, and which of those without a default
 * value have been set. Declared counts may be huge (2^32-1 locals take six bytes), so types stay
 * run-length coded; only the first few are spread out, because nearly all accesses go there.
 */
final class Locals {
  static final Locals NONE = new Locals(List.of(), List.of());

  private static final int NEAR = 256;

  private final ValType[] near;
  private final long[] ends;
  private final ValType[] types;
  private final long count;
  private final long params;

  /** Set locals without default value, and the order in which they were set. */
  private final Set<Integer> set = new HashSet<>(0);

  private int[] order = {};
  private int setCount;

  Locals(List<ValType> params, List<LocalGroup> groups) {
    this.params = params.size();
    ends = new long[groups.size()];
    types = new ValType[groups.size()];
    long end = params.size();
    for (int i = 0; i < ends.length; i++) {
      end += Integer.toUnsignedLong(groups.get(i).count());
      ends[i] = end;
      types[i] = groups.get(i).type();
    }
    count = end;
    near = new ValType[(int) Math.min(end, Math.max(NEAR, params.size()))];
    for (int i = 0; i < params.size(); i++) {
      near[i] = params.get(i);
    }
    int from = params.size();
    for (int i = 0; i < ends.length && from < near.length; i++) {
      int to = (int) Math.min(ends[i], near.length);
      Arrays.fill(near, from, to, types[i]);
      from = to;
    }
  }

  long count() {
    return count;
  }

  /** The type of local {@code index} (unsigned), or null where there is none. */
  ValType type(int index) {
    return index >= 0 && index < near.length ? near[index] : far(Integer.toUnsignedLong(index));
  }

  private ValType far(long index) {
    if (index >= count) {
      return null;
    }
    int at = Arrays.binarySearch(ends, index);
    // A group ends before the index in `ends`; empty groups repeat an end.
    int group = at < 0 ? -at - 1 : at + 1;
    while (ends[group] <= index) {
      group++;
    }
    return types[group];
  }

  boolean isSet(int index, ValType type) {
    return type.defaultable() || Integer.toUnsignedLong(index) < params || set.contains(index);
  }

  void set(int index, ValType type) {
    if (!type.defaultable() && Integer.toUnsignedLong(index) >= params && set.add(index)) {
      if (setCount == order.length) {
        order = Arrays.copyOf(order, Math.max(8, 2 * setCount));
      }
      order[setCount++] = index;
    }
  }

  /** The number of locals without default value that are set now. */
  int mark() {
    return setCount;
  }

  /** Forgets the locals set since {@link #mark} gave {@code mark}. */
  void rollback(int mark) {
    while (setCount > mark) {
      set.remove(order[--setCount]);
    }
  }
}
