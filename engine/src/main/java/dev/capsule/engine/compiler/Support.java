package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExceptionOps;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExnObject;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.HeapObject;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.KnownCallables;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.exec.TableInstance;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;

/** What generated code calls besides the operations that all tiers share. */
public final class Support {
  private Support() {}

  public static int outOfBounds() {
    throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
  }

  public static void unreachable() {
    throw new Trap(TrapKind.UNREACHABLE);
  }

  public static Object nonNull(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_REFERENCE);
    }
    return reference;
  }

  public static int test(Object reference, HeapType type, boolean nullable) {
    return matches(reference, type, nullable) ? 1 : 0;
  }

  public static Object cast(Object reference, HeapType type, boolean nullable) {
    if (!matches(reference, type, nullable)) {
      throw new Trap(TrapKind.CAST_FAILURE);
    }
    return reference;
  }

  private static boolean matches(Object reference, HeapType type, boolean nullable) {
    if (reference == null) {
      return nullable;
    }
    return reference instanceof HeapObject object && object.type == type
        || References.test(reference, type);
  }

  public static int i31Signed(Object reference) {
    return i31(reference).value();
  }

  public static int i31Unsigned(Object reference) {
    return i31(reference).unsigned();
  }

  private static I31 i31(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_I31);
    }
    return (I31) reference;
  }

  // Calls.

  /** Where callables of a kind of indirect call are, by index of the table; perhaps null. */
  public static CompiledBody[] calls(ModuleInstance instance, int kind) {
    KnownCallables[] calls = instance.calls;
    KnownCallables known = kind < calls.length ? calls[kind] : null;
    return known != null ? known.array : null;
  }

  /** The callable that {@code call_indirect} finds, when it is not among those of its kind. */
  public static Object indirect(
      ModuleInstance instance, int table, int index, DefType expected, int kind, int kinds) {
    TableInstance from = instance.tables[table];
    FuncInstance func = typed(TableOps.callee(from, index & 0xFFFFFFFFL), expected);
    Object callable = callable(func);
    if (callable == func.callable) {
      if (instance.calls.length == 0) {
        instance.calls = new KnownCallables[kinds];
      }
      instance.calls[kind] = from.found(expected, index, callable);
    }
    return callable;
  }

  /** The same for a table with 64-bit indices. */
  public static Object indirect64(
      ModuleInstance instance, int table, long index, DefType expected) {
    return callable(typed(TableOps.callee(instance.tables[table], index), expected));
  }

  /** The function that an indirect tail call finds. */
  public static FuncInstance callee(
      ModuleInstance instance, int table, long index, DefType expected) {
    return typed(TableOps.callee(instance.tables[table], index), expected);
  }

  private static FuncInstance typed(FuncInstance func, DefType expected) {
    if (func.defType != expected && !func.defType.isSubtypeOf(expected)) {
      throw new Trap(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }
    return func;
  }

  /** The function behind a reference. */
  public static FuncInstance function(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_FUNCTION);
    }
    return (FuncInstance) reference;
  }

  /** The callable behind a function reference. */
  public static Object callable(Object reference) {
    FuncInstance func = function(reference);
    Object callable = func.callable;
    return callable != null ? callable : Callables.make(func);
  }

  /** Leaves a tail call to whoever called the compiled code; its arguments are in slots. */
  public static void leaveTail(ExecStore store, FuncInstance callee) {
    store.tail = callee;
  }

  // Exceptions.

  public static RuntimeException thrown(ModuleInstance instance, int tag) {
    ExecStore store = instance.store;
    return ExceptionOps.create(store, instance.tags[tag], store.stack, store.refs, store.sp);
  }

  public static boolean hasTag(Object thrown, Tag tag) {
    return ((WasmException) thrown).tag() == tag;
  }

  public static long scalar(Object thrown, int slot) {
    return ((ExnObject) ((WasmException) thrown).reference()).slots[slot];
  }

  public static Object reference(Object thrown, int slot) {
    return ((ExnObject) ((WasmException) thrown).reference()).refs[slot];
  }

  public static Object exnref(Object thrown) {
    return ((WasmException) thrown).reference();
  }

  // Split functions.

  /** The entry that a dispatch chooses; the last one for every index beyond the table. */
  public static int entry(int index, int[] entries) {
    // HotSpot takes this comparison for the array's own check.
    return Integer.compareUnsigned(index, entries.length) < 0
        ? entries[index]
        : entries[entries.length - 1];
  }

  // Variables of a frame that are in arrays.

  public static void keep(int value, long[] bits, int at) {
    bits[at] = value;
  }

  public static void keep(long value, long[] bits, int at) {
    bits[at] = value;
  }

  public static void keep(float value, long[] bits, int at) {
    bits[at] = Float.floatToRawIntBits(value);
  }

  public static void keep(double value, long[] bits, int at) {
    bits[at] = Double.doubleToRawLongBits(value);
  }

  public static void keep(Object value, Object[] refs, int at) {
    refs[at] = value;
  }

  /** A table of numbers out of the text that a class file holds. */
  public static int[] numbers(String[] parts) {
    String text = String.join("", parts);
    int[] numbers = new int[text.length() / 2];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = text.charAt(2 * i) << 16 | text.charAt(2 * i + 1);
    }
    return numbers;
  }

  /**
   * Where a table of loops has the row of a header, a place in the module: rows are sorted by their
   * first numbers, which are these. Negative where it has none.
   */
  public static int loop(int header, int[] table) {
    int from = 0;
    int to = table.length / LoopEntries.ROW;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int found = table[middle * LoopEntries.ROW];
      if (found == header) {
        return middle * LoopEntries.ROW;
      }
      if (found < header) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return -1;
  }

  /** Compares the fuel where {@code before} units are charged for the function called next. */
  public static void compareFuel(ExecStore store, long before) {
    if (store.fuel < -before) {
      poll(store, -before);
    }
  }

  /** Polls if that is due, in code that counts no fuel. */
  public static void pollDue(ExecStore store) {
    if (store.due) {
      store.poll();
    }
  }

  /** Charges what code has consumed but not charged, polls, and takes the charge back. */
  public static void poll(ExecStore store, long pending) {
    store.fuel -= pending;
    store.poll();
    store.fuel += pending;
  }
}
