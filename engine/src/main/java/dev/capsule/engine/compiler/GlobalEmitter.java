package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.GlobalInstance;
import dev.capsule.engine.types.ValType;

/** Emits instructions on globals. */
final class GlobalEmitter {
  private static final String CLASS = Names.of(GlobalInstance.class);
  private static final String OBJ = Names.descriptor(Names.OBJECT);

  private final MethodCode code;

  GlobalEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits an instruction on globals; false where it is none. */
  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case GLOBAL_GET -> get(ins.a);
      case GLOBAL_SET -> set(ins);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void global(int index) {
    code.instance();
    if (index == 0) {
      code.field(Names.INSTANCE, "global0", Names.descriptor(CLASS));
      return;
    }
    code.field(Names.INSTANCE, "globals", "[" + Names.descriptor(CLASS));
    code.push(index);
    code.op(AALOAD);
  }

  private void get(int index) {
    ValType type = code.module.global(index).value();
    char kind = FunctionIr.kindOf(type);
    global(index);
    switch (kind) {
      case 'A' -> code.field(CLASS, "ref", OBJ);
      case 'V' -> {
        code.field(CLASS, "bits", "J");
        global(index);
        code.field(CLASS, "high", "J");
      }
      default -> {
        code.field(CLASS, "bits", "J");
        code.fromBits(kind);
      }
    }
  }

  private void set(Ins ins) {
    char kind = FunctionIr.kindOf(code.module.global(ins.a).value());
    if (kind == 'V') {
      for (int half = 0; half < 2; half++) {
        global(ins.a);
        code.get(ins.operands[0] + half);
        code.visitor.visitFieldInsn(PUTFIELD, CLASS, half == 0 ? "bits" : "high", "J");
      }
      return;
    }
    int value = code.spill(kind, 0);
    global(ins.a);
    code.loadLocal(kind, value);
    if (kind == 'A') {
      code.visitor.visitFieldInsn(PUTFIELD, CLASS, "ref", OBJ);
    } else {
      code.toBits(kind);
      code.visitor.visitFieldInsn(PUTFIELD, CLASS, "bits", "J");
    }
  }
}
