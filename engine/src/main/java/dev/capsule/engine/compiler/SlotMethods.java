package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import org.objectweb.asm.Opcodes;

/** Parts of methods that pass their own parameters on through slots. */
final class SlotMethods {
  private SlotMethods() {}

  /** Puts the method's parameters, from JVM local {@code first} on, into slots from store.sp on. */
  static void arguments(
      MethodCode code, JvmSignature signature, int paramSlots, int resultSlots, int first) {
    code.store();
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.push(Math.max(paramSlots, resultSlots));
    code.op(Opcodes.IADD);
    code.invoke(ExecStore.class, "ensureStack", "(I)V");
    if (signature.wide()) {
      return;
    }
    int at = first;
    int slot = 0;
    for (char kind : signature.params().toCharArray()) {
      SlotCode.target(code, kind, slot);
      code.loadLocal(kind, at);
      if (kind == 'A') {
        code.op(Opcodes.AASTORE);
      } else {
        code.toBits(kind);
        code.op(Opcodes.LASTORE);
      }
      at += JvmSignature.slots(kind);
      slot++;
    }
  }

  /** Returns what is in the first slot, or nothing. */
  static void result(MethodCode code, JvmSignature signature) {
    if (signature.returnKind() != 'V') {
      SlotCode.load(code, signature.returnKind(), 0);
    }
    code.op(ClassCode.returnOpcode(signature.returnKind()));
  }
}
