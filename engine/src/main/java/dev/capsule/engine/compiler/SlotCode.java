package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** Code that moves values between the JVM and the slots of a store's stack, from store.sp on. */
final class SlotCode {
  private static final String OBJECTS = "[Ljava/lang/Object;";

  private SlotCode() {}

  /** A letter per value: the JVM kind, or {@code V} for a vector. */
  static String kinds(List<ValType> types) {
    StringBuilder kinds = new StringBuilder();
    for (ValType type : types) {
      kinds.append(FunctionIr.kindOf(type));
    }
    return kinds.toString();
  }

  private static int slots(String kinds) {
    int slots = kinds.length();
    for (int i = 0; i < kinds.length(); i++) {
      slots += kinds.charAt(i) == 'V' ? 1 : 0;
    }
    return slots;
  }

  /** Makes room for slots from store.sp on. */
  private static void room(MethodCode code, int slots) {
    code.store();
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.push(slots);
    code.op(IADD);
    code.invoke(ExecStore.class, "ensureStack", "(I)V");
  }

  /** Stores variables into slots. */
  static void store(MethodCode code, int[] variables, String kinds, int count) {
    room(code, slots(kinds));
    int slot = 0;
    for (int i = 0; i < count; i++) {
      char kind = kinds.charAt(i);
      int halves = kind == 'V' ? 2 : 1;
      for (int half = 0; half < halves; half++) {
        target(code, kind, slot + half);
        code.get(variables[i] + half);
        put(code, kind);
      }
      slot += halves;
    }
  }

  /**
   * Stores variables of kinds that are no vectors into slots.
   *
   * @param first the first one's slot
   * @param all how many slots there have to be
   */
  static void store(MethodCode code, int[] variables, String kinds, int first, int all) {
    room(code, all);
    for (int i = 0; i < variables.length; i++) {
      target(code, kinds.charAt(i), first + i);
      code.get(variables[i]);
      put(code, kinds.charAt(i));
    }
  }

  /**
   * Pushes what a method takes that finds its operands in slots: both arrays and where to begin.
   */
  static void push(MethodCode code) {
    code.store();
    code.field(Names.STORE, "stack", "[J");
    code.store();
    code.field(Names.STORE, "refs", OBJECTS);
    code.store();
    code.field(Names.STORE, "sp", "I");
  }

  /** Pushes the array and the index of a slot. */
  static void target(MethodCode code, char kind, int slot) {
    code.store();
    if (kind == 'A') {
      code.field(Names.STORE, "refs", OBJECTS);
    } else {
      code.field(Names.STORE, "stack", "[J");
    }
    code.store();
    code.field(Names.STORE, "sp", "I");
    if (slot != 0) {
      code.push(slot);
      code.op(IADD);
    }
  }

  private static void put(MethodCode code, char kind) {
    if (kind == 'A') {
      code.op(AASTORE);
    } else {
      code.toBits(kind);
      code.op(LASTORE);
    }
  }

  /** Pushes what is in a slot. */
  static void load(MethodCode code, char kind, int slot) {
    target(code, kind, slot);
    if (kind == 'A') {
      code.op(AALOAD);
    } else {
      code.op(LALOAD);
      code.fromBits(kind);
    }
  }

  /** After a call: pushes the results that the method did not return. */
  static void loadResults(MethodCode code, JvmSignature signature, String kinds) {
    int slot = 0;
    boolean first = !signature.wide();
    for (int i = 0; i < kinds.length(); i++) {
      char kind = kinds.charAt(i);
      int halves = kind == 'V' ? 2 : 1;
      for (int half = 0; half < halves; half++) {
        if (!first) {
          load(code, kind == 'V' ? 'J' : kind, slot + half);
        }
        first = false;
      }
      slot += halves;
    }
  }

  /** Before a return: pops all results, except the one that the method returns, into slots. */
  static void storeResults(MethodCode code, JvmSignature signature, String kinds) {
    int slot = slots(kinds);
    int keep = signature.wide() ? 0 : 1;
    if (slot <= keep) {
      return;
    }
    room(code, slot);
    for (int i = kinds.length() - 1; i >= 0; i--) {
      char kind = kinds.charAt(i);
      if (kind == 'V') {
        if (code.ir.vectors) {
          VectorApi.unpack(code);
        }
        pop(code, 'J', --slot);
        kind = 'J';
      }
      if (--slot >= keep) {
        pop(code, kind, slot);
      }
    }
  }

  /** Pops a value into a slot. */
  private static void pop(MethodCode code, char kind, int slot) {
    int value = code.scratch(0);
    code.storeLocal(kind, value);
    target(code, kind, slot);
    code.loadLocal(kind, value);
    put(code, kind);
  }
}
