package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.TableInstance;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.types.AddressType;

/** Emits instructions on tables and element segments. */
final class TableEmitter {
  private static final String TABLE = Names.descriptor(TableInstance.class);
  private static final String STORE = Names.descriptor(Names.STORE);
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String OBJ = Names.descriptor(Names.OBJECT);

  private final MethodCode code;

  TableEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits an instruction on tables; false where it is none. */
  boolean emit(Ins ins) {
    int index = ins.a;
    switch (ins.opcode) {
      case TABLE_GET -> {
        widen(index);
        int at = code.spill('J', 0);
        table(index);
        code.loadLocal('J', at);
        code.call(TableOps.class, "get", "(" + TABLE + "J)" + OBJ);
      }
      case TABLE_SET -> {
        int value = code.spill('A', 1);
        widen(index);
        int at = code.spill('J', 0);
        table(index);
        code.loadLocal('J', at);
        code.loadLocal('A', value);
        code.call(TableOps.class, "set", "(" + TABLE + "J" + OBJ + ")V");
      }
      case TABLE_SIZE -> {
        table(index);
        code.invoke(TableInstance.class, "size", "()J");
        narrow(index);
      }
      case TABLE_GROW -> {
        widen(index);
        int delta = code.spill('J', 0);
        int value = code.spill('A', 1);
        code.store();
        table(index);
        code.loadLocal('A', value);
        code.loadLocal('J', delta);
        code.call(TableOps.class, "grow", "(" + STORE + TABLE + OBJ + "J)J");
        narrow(index);
      }
      case TABLE_FILL -> {
        widen(index);
        int length = code.spill('J', 0);
        int value = code.spill('A', 1);
        widen(index);
        int at = code.spill('J', 2);
        code.store();
        table(index);
        code.loadLocal('J', at);
        code.loadLocal('A', value);
        code.loadLocal('J', length);
        code.call(TableOps.class, "fill", "(" + STORE + TABLE + "J" + OBJ + "J)V");
      }
      case TABLE_COPY -> {
        boolean wide =
            code.module.table(ins.a).address() == AddressType.I64
                && code.module.table(ins.b).address() == AddressType.I64;
        if (!wide) {
          widen();
        }
        int length = code.spill('J', 0);
        widen(ins.b);
        int source = code.spill('J', 1);
        widen(ins.a);
        int target = code.spill('J', 2);
        code.store();
        table(ins.a);
        code.loadLocal('J', target);
        table(ins.b);
        code.loadLocal('J', source);
        code.loadLocal('J', length);
        code.call(TableOps.class, "copy", "(" + STORE + TABLE + "J" + TABLE + "JJ)V");
      }
      case TABLE_INIT -> {
        int length = code.spill('I', 0);
        int source = code.spill('I', 1);
        widen(ins.b);
        int target = code.spill('J', 2);
        code.instance();
        code.push(ins.a);
        table(ins.b);
        code.loadLocal('J', target);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        code.call(TableOps.class, "init", "(" + INSTANCE + "I" + TABLE + "JII)V");
      }
      case ELEM_DROP -> {
        code.instance();
        code.push(ins.a);
        code.call(TableOps.class, "drop", "(" + INSTANCE + "I)V");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void table(int index) {
    code.instance();
    code.field(Names.INSTANCE, "tables", "[" + TABLE);
    code.push(index);
    code.op(AALOAD);
  }

  private void widen(int table) {
    if (code.module.table(table).address() == AddressType.I32) {
      widen();
    }
  }

  private void widen() {
    code.op(I2L);
    code.push(0xFFFFFFFFL);
    code.op(LAND);
  }

  private void narrow(int table) {
    if (code.module.table(table).address() == AddressType.I32) {
      code.op(L2I);
    }
  }
}
