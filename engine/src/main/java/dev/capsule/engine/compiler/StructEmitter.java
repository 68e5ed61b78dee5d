package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.exec.StructObject;
import dev.capsule.engine.exec.StructOps;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.ValType;

/** Emits instructions on structs. */
final class StructEmitter {
  private static final String CLASS = Names.of(StructObject.class);
  private static final String STRUCT = Names.descriptor(CLASS);
  private static final String LAYOUT = Names.descriptor(StructLayout.class);
  private static final String STORE = Names.descriptor(Names.STORE);
  private static final String OBJ = Names.descriptor(Names.OBJECT);

  private final MethodCode code;

  StructEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits an instruction on structs; false where it is none. */
  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case STRUCT_NEW -> create(ins);
      case STRUCT_NEW_DEFAULT -> {
        code.store();
        code.owner.layout(code.visitor, ins.a);
        code.call(StructOps.class, "create", "(" + STORE + LAYOUT + ")" + STRUCT);
      }
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> get(ins);
      case STRUCT_SET -> set(ins);
      default -> {
        return false;
      }
    }
    return true;
  }

  private StructLayout layoutOf(int type) {
    return code.owner.function.module.layout(type);
  }

  private void create(Ins ins) {
    StructLayout layout = layoutOf(ins.a);
    code.store();
    code.owner.layout(code.visitor, ins.a);
    if (layout.storage.length > ValueMoves.MANY) {
      SlotCode.push(code);
      code.call(StructOps.class, "create", "(" + STORE + LAYOUT + "[J[" + OBJ + "I)" + STRUCT);
      return;
    }
    code.call(StructOps.class, "create", "(" + STORE + LAYOUT + ")" + STRUCT);
    for (int i = 0; i < ins.operands.length; i++) {
      int variable = ins.operands[i];
      int halves = layout.storage[i] == Storage.V128 ? 2 : 1;
      for (int half = 0; half < halves; half++) {
        code.op(DUP);
        boolean ref = layout.storage[i] == Storage.REF;
        code.field(CLASS, ref ? "refs" : "scalars", ref ? "[" + OBJ : "[J");
        code.push(layout.position[i] + half);
        code.get(variable + half);
        if (ref) {
          code.op(AASTORE);
        } else {
          code.toBits(code.ir.kind(variable));
          mask(layout.storage[i]);
          code.op(LASTORE);
        }
      }
    }
  }

  /** Packed fields are kept zero-extended. */
  private void mask(Storage storage) {
    if (storage == Storage.I8 || storage == Storage.I16) {
      code.push(storage == Storage.I8 ? 0xFFL : 0xFFFFL);
      code.op(LAND);
    }
  }

  private ValType fieldType(Ins ins) {
    StructType type = (StructType) code.module.defType(ins.a).expand();
    return type.fields().get(ins.b).storage().unpacked();
  }

  private void get(Ins ins) {
    StructLayout layout = layoutOf(ins.a);
    int position = layout.position[ins.b];
    Storage storage = layout.storage[ins.b];
    switch (storage) {
      case REF -> {
        code.push(position);
        code.call(StructOps.class, "getRef", "(" + OBJ + "I)" + OBJ);
      }
      case V128 -> {
        int object = code.spill('A', 0);
        for (int half = 0; half < 2; half++) {
          code.loadLocal('A', object);
          code.push(position + half);
          code.call(StructOps.class, "get", "(" + OBJ + "I)J");
        }
      }
      default -> {
        code.push(position);
        code.call(StructOps.class, "get", "(" + OBJ + "I)J");
        code.fromBits(FunctionIr.kindOf(fieldType(ins)));
        if (ins.opcode == Opcode.STRUCT_GET_S) {
          code.op(storage == Storage.I8 ? I2B : I2S);
        }
      }
    }
  }

  private void set(Ins ins) {
    StructLayout layout = layoutOf(ins.a);
    int position = layout.position[ins.b];
    Storage storage = layout.storage[ins.b];
    if (storage == Storage.V128) {
      for (int half = 0; half < 2; half++) {
        code.get(ins.operands[0]);
        code.push(position + half);
        code.get(ins.operands[1] + half);
        code.call(StructOps.class, "set", "(" + OBJ + "IJ)V");
      }
      return;
    }
    char kind = FunctionIr.kindOf(fieldType(ins));
    int value = code.spill(kind, 0);
    code.push(position);
    code.loadLocal(kind, value);
    if (storage == Storage.REF) {
      code.call(StructOps.class, "setRef", "(" + OBJ + "I" + OBJ + ")V");
    } else {
      code.toBits(kind);
      mask(storage);
      code.call(StructOps.class, "set", "(" + OBJ + "IJ)V");
    }
  }
}
