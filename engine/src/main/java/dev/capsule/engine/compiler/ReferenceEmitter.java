package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.RefType;

/** Emits instructions on references: what they are, and tests of their types. */
final class ReferenceEmitter {
  private static final String OBJ = Names.descriptor(Names.OBJECT);
  private static final String HEAP = Names.descriptor(HeapType.class);

  private final MethodCode code;

  ReferenceEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits an instruction on references; false where it is none. */
  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case REF_NULL -> code.op(ACONST_NULL);
      case REF_IS_NULL -> code.call(Comparing.class, "isNull", "(" + OBJ + ")I");
      case REF_FUNC -> {
        code.instance();
        code.push(ins.a);
        code.invoke(ModuleInstance.class, "func", "(I)" + Names.descriptor(FuncInstance.class));
      }
      case REF_EQ -> code.call(References.class, "same", "(" + OBJ + OBJ + ")Z");
      case REF_AS_NON_NULL -> code.call(Support.class, "nonNull", "(" + OBJ + ")" + OBJ);
      case REF_TEST, REF_TEST_NULL -> test(ins);
      case REF_CAST, REF_CAST_NULL -> {
        heap((HeapType) ins.o, ins.opcode == Opcode.REF_CAST_NULL);
        code.call(Support.class, "cast", "(" + OBJ + HEAP + "Z)" + OBJ);
      }
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 -> code.call(I31.class, "of", "(I)" + Names.descriptor(I31.class));
      case I31_GET_S, I31_GET_U -> {
        boolean signed = ins.opcode == Opcode.I31_GET_S;
        code.call(Support.class, signed ? "i31Signed" : "i31Unsigned", "(" + OBJ + ")I");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Pushes the type of a test or a cast. */
  private void heap(HeapType type, boolean nullable) {
    code.owner.heapType(code.visitor, type);
    code.push(nullable ? 1 : 0);
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
    heap(heap, nullable);
    code.call(Support.class, "test", "(" + OBJ + HEAP + "Z)I");
  }
}
