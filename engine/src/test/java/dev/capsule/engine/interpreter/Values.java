package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.List;

/** A stack of values, one place for each whatever its type. */
final class Values {
  long[] low = new long[16];
  long[] high = new long[16];
  Object[] refs = new Object[16];
  int count;

  void push(long low, long high, Object ref) {
    if (count == this.low.length) {
      this.low = Arrays.copyOf(this.low, 2 * count);
      this.high = Arrays.copyOf(this.high, 2 * count);
      refs = Arrays.copyOf(refs, 2 * count);
    }
    this.low[count] = low;
    this.high[count] = high;
    refs[count++] = ref;
  }

  void number(long bits) {
    push(bits, 0, null);
  }

  void ref(Object ref) {
    push(0, 0, ref);
  }

  long pop() {
    return low[--count];
  }

  int i32() {
    return (int) pop();
  }

  Object popRef() {
    return refs[--count];
  }

  /** Moves the topmost values down to a height and cuts what was between. */
  void keep(int values, int height) {
    System.arraycopy(low, count - values, low, height, values);
    System.arraycopy(high, count - values, high, height, values);
    System.arraycopy(refs, count - values, refs, height, values);
    count = height + values;
  }

  void copy(Values from, int index) {
    push(from.low[index], from.high[index], from.refs[index]);
  }

  /** Pops values of these types to consecutive slots. */
  void popTo(long[] slots, Object[] slotRefs, int at, List<ValType> types) {
    int slot = at;
    int from = count - types.size();
    for (int i = 0; i < types.size(); i++) {
      slots[slot] = low[from + i];
      slotRefs[slot] = refs[from + i];
      if (types.get(i).slots() == 2) {
        slots[slot + 1] = high[from + i];
      }
      slot += types.get(i).slots();
    }
    count = from;
  }

  /** Pushes values of these types from consecutive slots. */
  void pushFrom(long[] slots, Object[] slotRefs, int at, List<ValType> types) {
    int slot = at;
    for (ValType type : types) {
      boolean vector = type.slots() == 2;
      push(slots[slot], vector ? slots[slot + 1] : 0, type.isRef() ? slotRefs[slot] : null);
      slot += type.slots();
    }
  }

  void pushFrom(ExecStore store, int at, List<ValType> types) {
    pushFrom(store.stack, store.refs, at, types);
  }
}
