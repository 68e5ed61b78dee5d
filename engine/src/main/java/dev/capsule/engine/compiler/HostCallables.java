package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.HostException;
import dev.capsule.engine.exec.HostFunction;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Callables of host functions that compiled code calls often: arguments and results pass as they
 * are, and HotSpot inlines the function, because its handle is a constant of a class of its own.
 */
final class HostCallables {
  /** Calls through slots after which a class pays. */
  static final int MANY = 1 << 20;

  private static final String HANDLE = "Ljava/lang/invoke/MethodHandle;";

  private HostCallables() {}

  /**
   * Gives a function a callable of its own class where it is one of the host that needs no slots.
   */
  static void make(FuncInstance function) {
    if (function instanceof HostFunction host && host.direct().isPresent()) {
      JvmSignature signature = JvmSignature.of(host.type());
      if (!signature.wide()) {
        Signatures signatures = CompilingTier.signatures(host.store);
        try {
          host.callable = make(signatures, signature, host.direct().orElseThrow());
        } catch (LinkageError | OutOfMemoryError e) {
          // Without room for the class calls go on through slots.
        }
      }
    }
  }

  private static Object make(Signatures signatures, JvmSignature signature, MethodHandle direct) {
    byte[] bytes = write(signatures.require(signature), signature);
    try {
      return signatures
          .lookup()
          .defineHiddenClassWithClassData(bytes, direct, true)
          .lookupClass()
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a host function cannot be called", e);
    }
  }

  private static byte[] write(String signatureClass, JvmSignature signature) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        V21,
        ACC_PUBLIC | ACC_FINAL | ACC_SUPER,
        Names.PACKAGE + "Host",
        null,
        signatureClass,
        null);
    MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitInsn(ACONST_NULL);
    init.visitInsn(ICONST_M1);
    init.visitMethodInsn(INVOKESPECIAL, signatureClass, "<init>", Signatures.MAKE, false);
    init.visitInsn(RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();

    MethodVisitor v =
        writer.visitMethod(ACC_PUBLIC, Names.RUN, signature.descriptor(Names.CONTEXT), null, null);
    v.visitCode();
    int instance = Signatures.leaveCompiledCode(v, signature).instance;
    Label start = new Label();
    Label end = new Label();
    v.visitTryCatchBlock(start, end, end, null);
    v.visitLabel(start);
    v.visitLdcInsn(
        new ConstantDynamic(
            "_",
            HANDLE,
            new Handle(
                H_INVOKESTATIC,
                Type.getInternalName(MethodHandles.class),
                "classData",
                "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)"
                    + "Ljava/lang/Object;",
                false)));
    ClassCode.loadParams(v, signature, 1);
    v.visitMethodInsn(
        INVOKEVIRTUAL,
        Type.getInternalName(MethodHandle.class),
        "invokeExact",
        signature.descriptor(""),
        false);
    v.visitInsn(ClassCode.returnOpcode(signature.returnKind()));
    v.visitLabel(end);
    v.visitFrame(F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
    v.visitVarInsn(ALOAD, instance);
    v.visitFieldInsn(GETFIELD, Names.INSTANCE, "store", Names.descriptor(Names.STORE));
    v.visitMethodInsn(
        INVOKESTATIC,
        Type.getInternalName(HostException.class),
        "carry",
        "(Ljava/lang/Throwable;" + Names.descriptor(Names.STORE) + ")Ljava/lang/RuntimeException;",
        false);
    v.visitInsn(ATHROW);
    v.visitMaxs(0, 0);
    v.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
