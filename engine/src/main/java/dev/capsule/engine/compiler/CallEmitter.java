package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExceptionOps;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;

/** Emits calls, returns and throws. */
final class CallEmitter {
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String TYPE = Names.descriptor(DefType.class);
  private static final String OBJ = "Ljava/lang/Object;";

  private final MethodCode code;
  private final ClassCode owner;

  CallEmitter(MethodCode code) {
    this.code = code;
    this.owner = code.owner;
  }

  boolean emit(Ins ins) {
    switch (ins.opcode) {
      case CALL, CALL_INDIRECT, CALL_REF -> call(ins);
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> tailCall(ins);
      case THROW -> {
        FuncType type = code.module.tag(ins.a).func();
        if (!ValueMoves.many(type.params())) {
          SlotCode.store(code, ins.operands, SlotCode.kinds(type.params()), ins.operands.length);
        }
        code.instance();
        code.push(ins.a);
        code.call(Support.class, "thrown", "(" + INSTANCE + "I)Ljava/lang/RuntimeException;");
        code.op(ATHROW);
      }
      case THROW_REF -> {
        code.call(
            ExceptionOps.class, "rethrow", "(" + OBJ + ")" + Names.descriptor(WasmException.class));
        code.op(ATHROW);
      }
      case RETHROW -> {
        code.get(ins.a);
        code.cast(Throwable.class);
        code.op(ATHROW);
      }
      case UNREACHABLE -> {
        code.call(Support.class, "unreachable", "()V");
        dead();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** After a call that never returns the verifier still wants an end. */
  private void dead() {
    code.op(ACONST_NULL);
    code.op(ATHROW);
  }

  private void call(Ins ins) {
    FuncType type = (FuncType) ins.o;
    JvmSignature signature = JvmSignature.of(type);
    compareFuel(ins);
    if (signature.wide() && ins.operands.length > 0) {
      // The arguments are in slots already.
      code.get(ins.operands[0]);
    }
    switch (ins.opcode) {
      case CALL -> {
        String direct = owner.directClass(ins.a);
        code.context();
        if (direct != null) {
          code.visitor.visitMethodInsn(
              INVOKESTATIC,
              direct,
              owner.methodName(ins.a),
              signature.descriptor(Names.CONTEXT),
              false);
        } else {
          owner.callHelper(code.visitor, ins.a, signature);
        }
      }
      case CALL_INDIRECT -> {
        boolean wideIndex = code.module.table(ins.b).address() == AddressType.I64;
        code.context();
        owner.indirectHelper(code.visitor, ins.a, ins.b, wideIndex, signature);
      }
      default -> {
        code.context();
        owner.referenceHelper(code.visitor, ins.a, signature);
      }
    }
    if (code.wantsMemory) {
      code.reloadMemory();
    }
    if (!ValueMoves.many(type.results())) {
      SlotCode.loadResults(code, signature, SlotCode.kinds(type.results()));
    }
  }

  /** Compares the fuel at calls where the function is large. */
  private void compareFuel(Ins ins) {
    if (owner.function.module.fuelMode == FuelMode.EXACT && owner.function.comparesAtCalls()) {
      code.store();
      code.push(CallerFuel.ofCall(code.ir, ins).before());
      code.call(Support.class, "compareFuel", "(" + Names.descriptor(Names.STORE) + "J)V");
    }
  }

  private void tailCall(Ins ins) {
    FuncType type = (FuncType) ins.o;
    int params = type.params().size();
    compareFuel(ins);
    String func = Names.descriptor(FuncInstance.class);
    switch (ins.opcode) {
      case RETURN_CALL -> {
        code.instance();
        code.push(ins.a);
        code.invoke(ModuleInstance.class, "func", "(I)" + func);
      }
      case RETURN_CALL_INDIRECT -> {
        code.instance();
        code.push(ins.b);
        code.get(ins.operands[ins.operands.length - 1]);
        if (code.module.table(ins.b).address() == AddressType.I32) {
          code.op(I2L);
          code.push(0xFFFFFFFFL);
          code.op(LAND);
        }
        owner.type(code.visitor, ins.a);
        code.call(Support.class, "callee", "(" + INSTANCE + "IJ" + TYPE + ")" + func);
      }
      default -> {
        code.get(ins.operands[ins.operands.length - 1]);
        code.call(Support.class, "function", "(" + OBJ + ")" + func);
      }
    }
    int callee = code.scratch(8);
    code.storeLocal('A', callee);
    if (!ValueMoves.many(type.params())) {
      SlotCode.store(code, ins.operands, SlotCode.kinds(type.params()), params);
    }
    code.store();
    code.loadLocal('A', callee);
    code.call(Support.class, "leaveTail", "(" + Names.descriptor(Names.STORE) + func + ")V");
    owner.returnNothing(code);
  }

  /** Pops the results and returns. */
  void returns() {
    JvmSignature signature = owner.signature;
    if (!ValueMoves.many(owner.function.type.results())) {
      SlotCode.storeResults(code, signature, SlotCode.kinds(owner.function.type.results()));
    }
    owner.returnValue(code);
  }
}
