package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ArrayObject;
import dev.capsule.engine.exec.ArrayOps;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.PackedType;

/** Emits instructions on arrays. */
final class ArrayEmitter {
  private static final String ARRAY = Names.descriptor(ArrayObject.class);
  private static final String TYPE = Names.descriptor(DefType.class);
  private static final String STORE = Names.descriptor(Names.STORE);
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String OBJ = Names.descriptor(Names.OBJECT);

  private final MethodCode code;

  ArrayEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits an instruction on arrays; false where it is none. */
  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case ARRAY_LEN -> code.call(ArrayOps.class, "length", "(" + OBJ + ")I");
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> get(ins);
      case ARRAY_SET -> set(ins);
      case ARRAY_NEW -> create(ins);
      case ARRAY_NEW_DEFAULT -> {
        int length = code.spill('I', 0);
        code.store();
        type(ins.a);
        code.loadLocal('I', length);
        code.call(ArrayOps.class, "create", "(" + STORE + TYPE + "I)" + ARRAY);
      }
      case ARRAY_NEW_FIXED -> createFixed(ins);
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> {
        int length = code.spill('I', 0);
        int source = code.spill('I', 1);
        code.instance();
        type(ins.a);
        code.push(ins.b);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        String name = ins.opcode == Opcode.ARRAY_NEW_DATA ? "createFromData" : "createFromElem";
        code.call(ArrayOps.class, name, "(" + INSTANCE + TYPE + "III)" + ARRAY);
      }
      case ARRAY_FILL -> fill(ins);
      case ARRAY_COPY -> {
        int length = code.spill('I', 0);
        int from = code.spill('I', 1);
        int source = code.spill('A', 2);
        int index = code.spill('I', 3);
        int target = code.spill('A', 4);
        code.store();
        code.loadLocal('A', target);
        code.loadLocal('I', index);
        code.loadLocal('A', source);
        code.loadLocal('I', from);
        code.loadLocal('I', length);
        code.call(ArrayOps.class, "copy", "(" + STORE + OBJ + "I" + OBJ + "II)V");
      }
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> {
        int length = code.spill('I', 0);
        int source = code.spill('I', 1);
        int index = code.spill('I', 2);
        int target = code.spill('A', 3);
        code.instance();
        code.loadLocal('A', target);
        code.loadLocal('I', index);
        code.push(ins.b);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        String name = ins.opcode == Opcode.ARRAY_INIT_DATA ? "initData" : "initElem";
        code.call(ArrayOps.class, name, "(" + INSTANCE + OBJ + "IIII)V");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void type(int index) {
    code.owner.type(code.visitor, index);
  }

  private Storage storageOf(int type) {
    return ArrayOps.storage(code.module.defType(type));
  }

  private char elementKind(int type) {
    var array = (ArrayType) code.module.defType(type).expand();
    return array.field().storage() instanceof PackedType
        ? 'I'
        : FunctionIr.kindOf(array.field().storage().unpacked());
  }

  private void get(Ins ins) {
    char kind = elementKind(ins.a);
    switch (storageOf(ins.a)) {
      case I8 -> {
        code.call(ArrayOps.class, "get8", "(" + OBJ + "I)I");
        if (ins.opcode == Opcode.ARRAY_GET_U) {
          code.push(0xFF);
          code.op(IAND);
        }
      }
      case I16 -> {
        code.call(ArrayOps.class, "get16", "(" + OBJ + "I)I");
        if (ins.opcode == Opcode.ARRAY_GET_U) {
          code.push(0xFFFF);
          code.op(IAND);
        }
      }
      case BITS32 -> {
        code.call(ArrayOps.class, "get32", "(" + OBJ + "I)I");
        if (kind == 'F') {
          code.call(Float.class, "intBitsToFloat", "(I)F");
        }
      }
      case BITS64 -> {
        code.call(ArrayOps.class, "get64", "(" + OBJ + "I)J");
        code.fromBits(kind);
      }
      case V128 -> {
        int index = code.spill('I', 0);
        int array = code.spill('A', 1);
        for (int half = 0; half < 2; half++) {
          code.loadLocal('A', array);
          code.loadLocal('I', index);
          code.push(half);
          code.call(ArrayOps.class, "get128", "(" + OBJ + "II)J");
        }
      }
      case REF -> code.call(ArrayOps.class, "getRef", "(" + OBJ + "I)" + OBJ);
    }
  }

  private void set(Ins ins) {
    switch (storageOf(ins.a)) {
      case I8 -> code.call(ArrayOps.class, "set8", "(" + OBJ + "II)V");
      case I16 -> code.call(ArrayOps.class, "set16", "(" + OBJ + "II)V");
      case BITS32 -> {
        if (elementKind(ins.a) == 'F') {
          code.call(Float.class, "floatToRawIntBits", "(F)I");
        }
        code.call(ArrayOps.class, "set32", "(" + OBJ + "II)V");
      }
      case BITS64 -> {
        code.toBits(elementKind(ins.a));
        code.call(ArrayOps.class, "set64", "(" + OBJ + "IJ)V");
      }
      case V128 -> {
        code.get(ins.operands[0]);
        code.get(ins.operands[1]);
        code.get(ins.operands[2]);
        code.get(ins.operands[2] + 1);
        code.call(ArrayOps.class, "set128", "(" + OBJ + "IJJ)V");
      }
      case REF -> code.call(ArrayOps.class, "setRef", "(" + OBJ + "I" + OBJ + ")V");
    }
  }

  /** Pushes an element's value in the three forms of which operations take the one they need. */
  private void threeForms(char kind, int value, int vector) {
    if (kind == 'V') {
      code.get(vector);
      code.get(vector + 1);
      code.op(ACONST_NULL);
    } else if (kind == 'A') {
      code.op(LCONST_0);
      code.op(LCONST_0);
      code.loadLocal('A', value);
    } else {
      code.loadLocal(kind, value);
      code.toBits(kind);
      code.op(LCONST_0);
      code.op(ACONST_NULL);
    }
  }

  private void create(Ins ins) {
    char kind = elementKind(ins.a);
    int length = code.scratch(0);
    int value = code.scratch(1);
    if (kind == 'V') {
      code.get(ins.operands[1]);
      code.storeLocal('I', length);
    } else {
      code.storeLocal('I', length);
      code.storeLocal(kind, value);
    }
    code.store();
    type(ins.a);
    threeForms(kind, value, kind == 'V' ? ins.operands[0] : -1);
    code.loadLocal('I', length);
    code.call(ArrayOps.class, "create", "(" + STORE + TYPE + "JJ" + OBJ + "I)" + ARRAY);
  }

  private void fill(Ins ins) {
    char kind = elementKind(ins.a);
    int length = code.scratch(0);
    int value = code.scratch(1);
    int index = code.scratch(2);
    int array = code.scratch(3);
    if (kind == 'V') {
      code.get(ins.operands[3]);
      code.storeLocal('I', length);
      code.get(ins.operands[1]);
      code.storeLocal('I', index);
      code.get(ins.operands[0]);
      code.storeLocal('A', array);
    } else {
      code.storeLocal('I', length);
      code.storeLocal(kind, value);
      code.storeLocal('I', index);
      code.storeLocal('A', array);
    }
    code.store();
    code.loadLocal('A', array);
    code.loadLocal('I', index);
    threeForms(kind, value, kind == 'V' ? ins.operands[2] : -1);
    code.loadLocal('I', length);
    code.call(ArrayOps.class, "fill", "(" + STORE + OBJ + "IJJ" + OBJ + "I)V");
  }

  private void createFixed(Ins ins) {
    if (ins.b <= ValueMoves.MANY) {
      int length = ins.operands.length;
      SlotCode.store(code, ins.operands, String.valueOf(elementKind(ins.a)).repeat(length), length);
    }
    code.store();
    type(ins.a);
    code.push(ins.b);
    SlotCode.push(code);
    code.call(ArrayOps.class, "createFixed", "(" + STORE + TYPE + "I[J[" + OBJ + "I)" + ARRAY);
  }
}
