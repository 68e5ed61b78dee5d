package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.List;

/** Exceptions (spec 4.6.10). */
public final class ExceptionOps {
  private ExceptionOps() {}

  /**
   * What {@code throw} throws: a new exception of a tag, with its arguments in slots from sp. It
   * counts as heap, because a guest may keep it.
   */
  public static WasmException create(
      ExecStore store, Tag tag, long[] stack, Object[] refs, int sp) {
    int slots = FunctionCode.slots(tag.func().params());
    Object batch = store.heap.charge(72 + 16L * slots);
    return new WasmException(
        new ExnObject(
            tag,
            batch,
            Arrays.copyOfRange(stack, sp, sp + slots),
            Arrays.copyOfRange(refs, sp, sp + slots)));
  }

  /** What {@code throw_ref} throws; traps on null. */
  public static WasmException rethrow(Object reference) {
    if (reference == null) {
      throw new Trap(TrapKind.NULL_EXCEPTION);
    }
    return new WasmException(reference);
  }

  /** The exception that is in flight. */
  public static ExnObject exn(WasmException thrown) {
    return (ExnObject) thrown.reference();
  }

  /** Leaves an exception's arguments in slots from sp on, as a matching catch clause does. */
  public static void unpack(ExnObject exn, long[] stack, Object[] refs, int sp) {
    System.arraycopy(exn.slots, 0, stack, sp, exn.slots.length);
    System.arraycopy(exn.refs, 0, refs, sp, exn.refs.length);
  }

  /** An exception that the host throws into Wasm. */
  public static Object create(Tag tag, Object... arguments) {
    List<ValType> types = tag.func().params();
    if (types.size() != arguments.length) {
      throw new IllegalArgumentException(
          "tag with values " + types + " given " + arguments.length + " arguments");
    }
    int slots = FunctionCode.slots(types);
    ExnObject exn = new ExnObject(tag, null, new long[slots], new Object[slots]);
    int slot = 0;
    for (int i = 0; i < arguments.length; i++) {
      References.require(arguments[i], types.get(i), "argument " + i + " of an exception");
      Slots.put(exn.slots, exn.refs, slot, types.get(i), arguments[i]);
      slot += types.get(i).slots();
    }
    return exn;
  }

  /** The arguments of an exception, boxed. */
  public static List<Object> arguments(Object reference) {
    ExnObject exn = (ExnObject) reference;
    return Slots.read(exn.slots, exn.refs, exn.tag.func().params());
  }

  /** The tag of an exception; refuses everything that is not an {@code exnref}. */
  public static Tag tag(Object reference) {
    if (!(reference instanceof ExnObject exn)) {
      throw new IllegalArgumentException("exnref expected, got " + reference);
    }
    return exn.tag;
  }
}
