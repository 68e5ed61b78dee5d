package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Writes what makes a class of code an object that can be called: a constructor with the instance
 * it belongs to (null: whichever the caller passes), and the method of its signature.
 */
final class EntryCode {
  /**
   * The method through which a call goes on that nests too deeply, or that finds no fuel in the
   * current slice.
   */
  static final String DEEP = "deep$";

  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String STORE = Names.descriptor(Names.STORE);

  private EntryCode() {}

  /**
   * @param callable whether the class has the function's own method, not only its loops
   */
  static void write(ClassCode owner, String signatureClass, boolean callable, boolean tailCalls) {
    MethodVisitor init =
        owner.writer.visitMethod(ACC_PUBLIC, "<init>", "(" + INSTANCE + ")V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitVarInsn(ALOAD, 1);
    ClassCode.push(init, owner.function.index);
    init.visitMethodInsn(INVOKESPECIAL, signatureClass, "<init>", Signatures.MAKE, false);
    init.visitInsn(RETURN);
    init.visitMaxs(3, 2);
    init.visitEnd();
    String method = owner.methodName(owner.function.index);
    if (!callable) {
      unsupported(owner);
      return;
    }
    call(owner, Names.RUN, method);
    if (tailCalls) {
      // For loops of the tiers: leaves a tail call to them.
      call(owner, Names.RUN_ONCE, "body$" + method);
    }
    deep(owner, DEEP, tailCalls ? "body$" + method : method);
  }

  /** A class of loops is entered by {@code resume} alone. */
  private static void unsupported(ClassCode owner) {
    MethodVisitor v =
        owner.writer.visitMethod(
            ACC_PUBLIC, Names.RUN, owner.signature.descriptor(Names.CONTEXT), null, null);
    v.visitCode();
    v.visitInsn(ACONST_NULL);
    v.visitInsn(ATHROW);
    v.visitMaxs(1, 1 + ClassCode.paramSlots(owner.signature) + 2);
    v.visitEnd();
  }

  private static void call(ClassCode owner, String name, String method) {
    JvmSignature signature = owner.signature;
    String descriptor = signature.descriptor(Names.CONTEXT);
    MethodVisitor v = owner.writer.visitMethod(ACC_PUBLIC, name, descriptor, null, null);
    v.visitCode();
    int passed = 2 + ClassCode.paramSlots(signature);
    int own = passed + 1;
    Label ready = new Label();
    v.visitVarInsn(ALOAD, 0);
    v.visitFieldInsn(GETFIELD, Names.BODY, "instance", INSTANCE);
    v.visitVarInsn(ASTORE, own);
    v.visitVarInsn(ALOAD, own);
    v.visitJumpInsn(IFNONNULL, ready);
    v.visitVarInsn(ALOAD, passed);
    v.visitVarInsn(ASTORE, own);
    v.visitLabel(ready);
    v.visitFrame(F_APPEND, 1, new Object[] {Names.INSTANCE}, 0, null);
    CallerFuel fuel = CallerFuel.of(owner.function);
    charge(v, own, fuel.before());
    int at = ClassCode.loadParams(v, signature, 1);
    v.visitVarInsn(ILOAD, passed - 1);
    v.visitVarInsn(ALOAD, own);
    v.visitMethodInsn(INVOKESTATIC, owner.name, method, descriptor, false);
    charge(v, own, fuel.after());
    v.visitInsn(ClassCode.returnOpcode(signature.returnKind()));
    v.visitMaxs(at + 4, own + 1);
    v.visitEnd();
  }

  /** Charges fuel; what is on the JVM's stack stays there. */
  static void charge(MethodVisitor v, int instance, long units) {
    if (units != 0) {
      v.visitVarInsn(ALOAD, instance);
      v.visitFieldInsn(GETFIELD, Names.INSTANCE, "store", STORE);
      v.visitInsn(DUP);
      v.visitFieldInsn(GETFIELD, Names.STORE, "fuel", "J");
      v.visitLdcInsn(units);
      v.visitInsn(LSUB);
      v.visitFieldInsn(PUTFIELD, Names.STORE, "fuel", "J");
    }
  }

  /**
   * Writes the method that runs the function in the interpreter, which does not nest Java frames.
   *
   * @param again the method to call once more where only fuel was missing; or empty
   */
  private static void deep(ClassCode owner, String name, String again) {
    JvmSignature signature = owner.signature;
    FunctionCode function = owner.function;
    MethodVisitor v =
        owner.writer.visitMethod(
            ACC_STATIC | ACC_SYNTHETIC, name, signature.descriptor(Names.CONTEXT), null, null);
    v.visitCode();
    MethodCode code = slotMethod(v, owner, ClassCode.paramSlots(signature) + 1);
    code.left = code.instance - 1;
    code.storeDepth();
    // Others than compiled callers have fuel exact, so what those charge is given back.
    CallerFuel fuel = CallerFuel.of(function);
    charge(v, code.instance, -fuel.before());
    if (!again.isEmpty() && Prologue.comparesFuel(function)) {
      refuelled(code, again);
    }
    SlotMethods.arguments(code, signature, function.paramSlots, function.resultSlots, 0);
    code.instance();
    code.push(function.index);
    code.call(Callables.class, "deep", "(" + INSTANCE + "I)V");
    charge(v, code.instance, -fuel.after());
    SlotMethods.result(code, signature);
    v.visitMaxs(12, code.localsEnd() + FunctionCompiler.SCRATCH);
    v.visitEnd();
  }

  /**
   * Asks for fuel and calls the function again. It does not return to where the fuel was compared:
   * HotSpot would have to keep everything that its callers have in registers across the question,
   * and writes it to the stack on the usual way, too.
   */
  private static void refuelled(MethodCode code, String method) {
    MethodVisitor v = code.visitor;
    JvmSignature signature = code.owner.signature;
    Label deep = new Label();
    code.store();
    again(code);
    code.push(code.owner.callUnits());
    code.op(ISUB);
    code.call(Callables.class, "refuel", "(" + STORE + "I)Z");
    v.visitJumpInsn(IFEQ, deep);
    charge(v, code.instance, CallerFuel.of(code.owner.function).before());
    ClassCode.loadParams(v, signature, 0);
    again(code);
    code.instance();
    String descriptor = signature.descriptor(Names.CONTEXT);
    v.visitMethodInsn(INVOKESTATIC, code.owner.name, method, descriptor, false);
    v.visitInsn(ClassCode.returnOpcode(signature.returnKind()));
    v.visitLabel(deep);
    v.visitFrame(F_APPEND, 1, new Object[] {Names.STORE}, 0, null);
  }

  /**
   * Pushes what is left for the second call from a method that passes its own parameters on. The
   * frame of the first call stays as well: it was there when fuel was found missing.
   */
  private static void again(MethodCode code) {
    code.loadLocal('I', code.left);
    int stays = code.owner.callUnits() - code.owner.depthUnits();
    code.push((JavaStack.passing(code.owner.signature) << 16) + stays);
    code.op(ISUB);
  }

  /** The class of a function that cannot be compiled, for callers that are. */
  static FunctionCompiler.Generated passing(FunctionCode function, CodeLoader loader) {
    ClassCode owner = new ClassCode(function, loader, Names.functionClass(function.index), 0);
    owner.writer.visit(V21, ACC_FINAL | ACC_SUPER, owner.name, null, Names.OBJECT, null);
    deep(owner, owner.methodName(function.index), "");
    return new FunctionCompiler.Generated(owner.name, owner.finish());
  }

  static MethodCode slotMethod(MethodVisitor v, ClassCode owner, int instance) {
    MethodCode code = new MethodCode(v, owner);
    for (int i = 0; i <= instance; i++) {
      code.newLocal('A');
    }
    code.instance = instance;
    code.takeStore(code.newLocal('A'));
    return code;
  }

  /** A function that makes tail calls: runs its body, then the calls that bodies leave. */
  static void settling(ClassCode owner, String name, String body) {
    JvmSignature signature = owner.signature;
    String descriptor = signature.descriptor(Names.CONTEXT);
    MethodVisitor v =
        owner.writer.visitMethod(ACC_PUBLIC | ACC_STATIC, name, descriptor, null, null);
    v.visitCode();
    int left = ClassCode.paramSlots(signature);
    int instance = left + 1;
    int at = ClassCode.loadParams(v, signature, 0);
    v.visitVarInsn(ILOAD, left);
    v.visitVarInsn(ALOAD, instance);
    v.visitMethodInsn(INVOKESTATIC, owner.name, body, descriptor, false);
    char kind = signature.returnKind();
    int result = instance + 1;
    MethodCode code = new MethodCode(v, owner);
    if (kind != 'V') {
      code.storeLocal(kind, result);
    }
    Label done = new Label();
    v.visitVarInsn(ALOAD, instance);
    v.visitFieldInsn(GETFIELD, Names.INSTANCE, "store", STORE);
    v.visitFieldInsn(GETFIELD, Names.STORE, "tail", Names.descriptor(FuncInstance.class));
    v.visitJumpInsn(IFNULL, done);
    v.visitVarInsn(ALOAD, instance);
    v.visitFieldInsn(GETFIELD, Names.INSTANCE, "store", STORE);
    v.visitVarInsn(ILOAD, left);
    // The frame that called this method's, this one and that of the loop stay.
    ClassCode.push(v, 3 * JavaStack.passing(signature) << 16);
    v.visitInsn(ISUB);
    v.visitMethodInsn(
        INVOKESTATIC, Type.getInternalName(Callables.class), "settle", "(" + STORE + "I)V", false);
    if (kind != 'V') {
      code.instance = instance;
      code.store = result + 2;
      v.visitVarInsn(ALOAD, instance);
      v.visitFieldInsn(GETFIELD, Names.INSTANCE, "store", STORE);
      v.visitVarInsn(ASTORE, code.store);
      SlotCode.load(code, kind, 0);
      code.storeLocal(kind, result);
    }
    v.visitLabel(done);
    if (kind == 'V') {
      v.visitFrame(F_SAME, 0, null, 0, null);
    } else {
      v.visitFrame(F_APPEND, 1, new Object[] {Prologue.frameType(kind)}, 0, null);
      code.loadLocal(kind, result);
    }
    v.visitInsn(ClassCode.returnOpcode(kind));
    v.visitMaxs(at + 6, result + 4);
    v.visitEnd();
  }
}
