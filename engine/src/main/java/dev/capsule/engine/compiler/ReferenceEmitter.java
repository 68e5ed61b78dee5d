package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ArrayOps;
import dev.capsule.engine.exec.GlobalInstance;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.exec.StructObject;
import dev.capsule.engine.exec.StructOps;
import dev.capsule.engine.exec.TableInstance;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.ValType;
import org.objectweb.asm.Type;

/** Emits instructions on globals, tables, references, structs and arrays. */
final class ReferenceEmitter {
  private static final String TABLE = Names.descriptor(Type.getInternalName(TableInstance.class));
  private static final String STORE = Names.descriptor(Names.STORE);
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String TYPE = Names.descriptor(Type.getInternalName(DefType.class));
  private static final String OBJ = "Ljava/lang/Object;";
  private static final String ARRAY_OBJECT =
      Names.descriptor(Type.getInternalName(dev.capsule.engine.exec.ArrayObject.class));

  private final MethodCode code;

  ReferenceEmitter(MethodCode code) {
    this.code = code;
  }

  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case GLOBAL_GET -> globalGet(ins.a);
      case GLOBAL_SET -> globalSet(ins);
      case TABLE_GET,
          TABLE_SET,
          TABLE_SIZE,
          TABLE_GROW,
          TABLE_FILL,
          TABLE_COPY,
          TABLE_INIT,
          ELEM_DROP ->
          table(ins);
      case REF_NULL -> code.op(ACONST_NULL);
      case REF_IS_NULL -> code.call(Comparing.class, "isNull", "(" + OBJ + ")I");
      case REF_FUNC -> {
        code.instance();
        code.push(ins.a);
        code.invoke(
            dev.capsule.engine.exec.ModuleInstance.class,
            "func",
            "(I)"
                + Names.descriptor(
                    Type.getInternalName(dev.capsule.engine.exec.FuncInstance.class)));
      }
      case REF_EQ -> {
        code.call(References.class, "same", "(" + OBJ + OBJ + ")Z");
      }
      case REF_AS_NON_NULL -> code.call(Support.class, "nonNull", "(" + OBJ + ")" + OBJ);
      case REF_TEST, REF_TEST_NULL -> test(ins);
      case REF_CAST, REF_CAST_NULL -> {
        boolean nullable = ins.opcode == Opcode.REF_CAST_NULL;
        heap((HeapType) ins.o);
        code.push(nullable ? 1 : 0);
        code.call(Support.class, "cast", "(" + OBJ + HEAP + "Z)" + OBJ);
      }
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 ->
          code.call(I31.class, "of", "(I)" + Names.descriptor(Type.getInternalName(I31.class)));
      case I31_GET_S, I31_GET_U -> {
        boolean signed = ins.opcode == Opcode.I31_GET_S;
        code.call(Support.class, signed ? "i31Signed" : "i31Unsigned", "(" + OBJ + ")I");
      }
      default -> {
        return aggregate(ins);
      }
    }
    return true;
  }

  private static final String HEAP = Names.descriptor(Type.getInternalName(HeapType.class));

  private void heap(HeapType type) {
    code.owner.heapType(code.visitor, type);
  }

  private void test(Ins ins) {
    HeapType heap;
    boolean nullable;
    if (ins.o instanceof RefType ref) {
      heap = ref.heap();
      nullable = ref.nullable();
    } else {
      heap = (HeapType) ins.o;
      nullable = ins.opcode == Opcode.REF_TEST_NULL;
    }
    heap(heap);
    code.push(nullable ? 1 : 0);
    code.call(Support.class, "test", "(" + OBJ + HEAP + "Z)I");
  }

  // Globals.

  private static final String GLOBAL_CLASS = Type.getInternalName(GlobalInstance.class);

  private void global(int index) {
    code.instance();
    if (index == 0) {
      code.field(Names.INSTANCE, "global0", Names.descriptor(GLOBAL_CLASS));
      return;
    }
    code.field(Names.INSTANCE, "globals", "[" + Names.descriptor(GLOBAL_CLASS));
    code.push(index);
    code.op(AALOAD);
  }

  private void globalGet(int index) {
    ValType type = code.module.global(index).value();
    char kind = FunctionIr.kindOf(type);
    global(index);
    switch (kind) {
      case 'A' -> code.field(GLOBAL_CLASS, "ref", OBJ);
      case 'V' -> {
        code.field(GLOBAL_CLASS, "bits", "J");
        global(index);
        code.field(GLOBAL_CLASS, "high", "J");
      }
      default -> {
        code.field(GLOBAL_CLASS, "bits", "J");
        code.fromBits(kind);
      }
    }
  }

  private void globalSet(Ins ins) {
    char kind = FunctionIr.kindOf(code.module.global(ins.a).value());
    if (kind == 'V') {
      for (int half = 0; half < 2; half++) {
        global(ins.a);
        code.get(ins.operands[0] + half);
        code.visitor.visitFieldInsn(PUTFIELD, GLOBAL_CLASS, half == 0 ? "bits" : "high", "J");
      }
      return;
    }
    int value = code.scratch(0);
    code.storeLocal(kind, value);
    global(ins.a);
    code.loadLocal(kind, value);
    if (kind == 'A') {
      code.visitor.visitFieldInsn(PUTFIELD, GLOBAL_CLASS, "ref", OBJ);
    } else {
      code.toBits(kind);
      code.visitor.visitFieldInsn(PUTFIELD, GLOBAL_CLASS, "bits", "J");
    }
  }

  // Tables.

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

  private int spill(char kind, int index) {
    int at = code.scratch(index);
    code.storeLocal(kind, at);
    return at;
  }

  private void narrow(int table) {
    if (code.module.table(table).address() == AddressType.I32) {
      code.op(L2I);
    }
  }

  private void table(Ins ins) {
    int index = ins.a;
    switch (ins.opcode) {
      case TABLE_GET -> {
        widen(index);
        int at = spill('J', 0);
        table(index);
        code.loadLocal('J', at);
        code.call(TableOps.class, "get", "(" + TABLE + "J)" + OBJ);
      }
      case TABLE_SET -> {
        int value = spill('A', 1);
        widen(index);
        int at = spill('J', 0);
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
        int delta = spill('J', 0);
        int value = spill('A', 1);
        code.store();
        table(index);
        code.loadLocal('A', value);
        code.loadLocal('J', delta);
        code.call(TableOps.class, "grow", "(" + STORE + TABLE + OBJ + "J)J");
        narrow(index);
      }
      case TABLE_FILL -> {
        widen(index);
        int length = spill('J', 0);
        int value = spill('A', 1);
        widen(index);
        int at = spill('J', 2);
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
        int length = spill('J', 0);
        widen(ins.b);
        int source = spill('J', 1);
        widen(ins.a);
        int target = spill('J', 2);
        code.store();
        table(ins.a);
        code.loadLocal('J', target);
        table(ins.b);
        code.loadLocal('J', source);
        code.loadLocal('J', length);
        code.call(TableOps.class, "copy", "(" + STORE + TABLE + "J" + TABLE + "JJ)V");
      }
      case TABLE_INIT -> {
        int length = spill('I', 0);
        int source = spill('I', 1);
        widen(ins.b);
        int target = spill('J', 2);
        code.instance();
        code.push(ins.a);
        table(ins.b);
        code.loadLocal('J', target);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        code.call(TableOps.class, "init", "(" + INSTANCE + "I" + TABLE + "JII)V");
      }
      default -> {
        code.instance();
        code.push(ins.a);
        code.call(TableOps.class, "drop", "(" + INSTANCE + "I)V");
      }
    }
  }

  // Structs and arrays.

  private boolean aggregate(Ins ins) {
    switch (ins.opcode) {
      case STRUCT_NEW -> structNew(ins);
      case STRUCT_NEW_DEFAULT -> {
        code.store();
        code.owner.layout(code.visitor, ins.a);
        code.call(StructOps.class, "create", "(" + STORE + LAYOUT + ")" + STRUCT);
      }
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> structGet(ins);
      case STRUCT_SET -> structSet(ins);
      case ARRAY_LEN -> code.call(ArrayOps.class, "length", "(" + OBJ + ")I");
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> arrayGet(ins);
      case ARRAY_SET -> arraySet(ins);
      case ARRAY_NEW -> arrayNew(ins);
      case ARRAY_NEW_DEFAULT -> {
        int length = spill('I', 0);
        code.store();
        type(ins.a);
        code.loadLocal('I', length);
        code.call(ArrayOps.class, "create", "(" + STORE + TYPE + "I)" + ARRAY_OBJECT);
      }
      case ARRAY_NEW_FIXED -> arrayFixed(ins);
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> {
        int length = spill('I', 0);
        int source = spill('I', 1);
        code.instance();
        type(ins.a);
        code.push(ins.b);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        String name = ins.opcode == Opcode.ARRAY_NEW_DATA ? "createFromData" : "createFromElem";
        code.call(ArrayOps.class, name, "(" + INSTANCE + TYPE + "III)" + ARRAY_OBJECT);
      }
      case ARRAY_FILL -> arrayFill(ins);
      case ARRAY_COPY -> {
        int length = spill('I', 0);
        int from = spill('I', 1);
        int source = spill('A', 2);
        int index = spill('I', 3);
        int target = spill('A', 4);
        code.store();
        code.loadLocal('A', target);
        code.loadLocal('I', index);
        code.loadLocal('A', source);
        code.loadLocal('I', from);
        code.loadLocal('I', length);
        code.call(ArrayOps.class, "copy", "(" + STORE + OBJ + "I" + OBJ + "II)V");
      }
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> {
        int length = spill('I', 0);
        int source = spill('I', 1);
        int index = spill('I', 2);
        int target = spill('A', 3);
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

  private static final String LAYOUT = Names.descriptor(Type.getInternalName(StructLayout.class));
  private static final String STRUCT_CLASS = Type.getInternalName(StructObject.class);
  private static final String STRUCT = Names.descriptor(STRUCT_CLASS);

  private void type(int index) {
    code.owner.type(code.visitor, index);
  }

  private StructLayout layoutOf(int type) {
    return code.owner.function.module.layout(type);
  }

  private void structNew(Ins ins) {
    StructLayout layout = layoutOf(ins.a);
    code.store();
    code.owner.layout(code.visitor, ins.a);
    if (layout.storage.length > ValueMoves.MANY) {
      slots();
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
        code.field(STRUCT_CLASS, ref ? "refs" : "scalars", ref ? "[" + OBJ : "[J");
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

  private void structGet(Ins ins) {
    StructLayout layout = layoutOf(ins.a);
    int position = layout.position[ins.b];
    Storage storage = layout.storage[ins.b];
    switch (storage) {
      case REF -> {
        code.push(position);
        code.call(StructOps.class, "getRef", "(" + OBJ + "I)" + OBJ);
      }
      case V128 -> {
        int object = spill('A', 0);
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

  private void structSet(Ins ins) {
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
    int value = spill(kind, 0);
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

  private Storage storageOf(int type) {
    return ArrayOps.storage(code.module.defType(type));
  }

  private char elementKind(int type) {
    var array = (dev.capsule.engine.types.ArrayType) code.module.defType(type).expand();
    return array.field().storage() instanceof PackedType
        ? 'I'
        : FunctionIr.kindOf(array.field().storage().unpacked());
  }

  private void arrayGet(Ins ins) {
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
        int index = spill('I', 0);
        int array = spill('A', 1);
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

  private void arraySet(Ins ins) {
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

  private void arrayNew(Ins ins) {
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
    code.call(ArrayOps.class, "create", "(" + STORE + TYPE + "JJ" + OBJ + "I)" + ARRAY_OBJECT);
  }

  private void arrayFill(Ins ins) {
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

  private void arrayFixed(Ins ins) {
    if (ins.b <= ValueMoves.MANY) {
      int length = ins.operands.length;
      SlotCode.store(code, ins.operands, String.valueOf(elementKind(ins.a)).repeat(length), length);
    }
    code.store();
    type(ins.a);
    code.push(ins.b);
    slots();
    code.call(
        ArrayOps.class, "createFixed", "(" + STORE + TYPE + "I[J[" + OBJ + "I)" + ARRAY_OBJECT);
  }

  /** Pushes where operands lie that were moved to slots. */
  private void slots() {
    code.store();
    code.field(Names.STORE, "stack", "[J");
    code.store();
    code.field(Names.STORE, "refs", "[" + OBJ);
    code.store();
    code.field(Names.STORE, "sp", "I");
  }
}
