package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/**
 * Structs (spec 4.6.5). Accesses name the position that {@link StructLayout} gives; a null object
 * traps. Packed fields are kept zero-extended: a tier masks before it sets and extends after it
 * gets.
 */
public final class StructOps {
  private static final long[] NO_SCALARS = new long[0];
  private static final Object[] NO_REFS = new Object[0];

  private StructOps() {}

  /** {@code struct.new_default}. */
  public static StructObject create(ExecStore store, StructLayout layout) {
    Object batch = store.heap.charge(layout.bytes);
    return new StructObject(
        layout.type,
        batch,
        layout.scalars == 0 ? NO_SCALARS : new long[layout.scalars],
        layout.refs == 0 ? NO_REFS : new Object[layout.refs]);
  }

  /** {@code struct.new}, with the operands in slots from {@code sp} on. */
  public static StructObject create(
      ExecStore store, StructLayout layout, long[] stack, Object[] refs, int sp) {
    StructObject struct = create(store, layout);
    Storage[] storage = layout.storage;
    for (int i = 0; i < storage.length; i++) {
      int from = sp + layout.operand[i];
      int to = layout.position[i];
      switch (storage[i]) {
        case I8 -> struct.scalars[to] = stack[from] & 0xFF;
        case I16 -> struct.scalars[to] = stack[from] & 0xFFFF;
        case BITS32, BITS64 -> struct.scalars[to] = stack[from];
        case V128 -> {
          struct.scalars[to] = stack[from];
          struct.scalars[to + 1] = stack[from + 1];
        }
        case REF -> struct.refs[to] = refs[from];
      }
    }
    return struct;
  }

  /** The struct that a reference points to; traps on null. */
  public static StructObject struct(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_STRUCT);
    }
    return (StructObject) reference;
  }

  /** {@code struct.get} of a number, packed or not, or half a vector. */
  public static long get(Object reference, int position) {
    return struct(reference).scalars[position];
  }

  /** {@code struct.get} of a reference. */
  public static Object getRef(Object reference, int position) {
    return struct(reference).refs[position];
  }

  /** {@code struct.set} of a number or half a vector; packed ones come masked. */
  public static void set(Object reference, int position, long value) {
    struct(reference).scalars[position] = value;
  }

  /** {@code struct.set} of a reference. */
  public static void setRef(Object reference, int position, Object value) {
    struct(reference).refs[position] = value;
  }
}
