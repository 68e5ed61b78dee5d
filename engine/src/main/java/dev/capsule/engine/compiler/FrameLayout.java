package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.runtime.WasmException;
import java.util.Arrays;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Where the variables of a split function live in its frame: in a field each, or, beyond what a
 * class may have, in arrays.
 */
final class FrameLayout {
  /** A field takes up to three entries of a constant pool of 65,535 in a class that uses it. */
  private static final int MAX_FIELDS = 10_000;

  private static final String WASM_EXCEPTION = Names.descriptor(WasmException.class);

  private final FunctionIr ir;
  private final Liveness liveness;
  private final int arrayLength;

  FrameLayout(FunctionIr ir, Liveness liveness) {
    this.ir = ir;
    this.liveness = liveness;
    this.arrayLength = Math.max(0, liveness.variable.length - MAX_FIELDS);
  }

  /** The index of a variable in the array of its kind; -1 where it has a field. */
  int inArray(int variable) {
    return Math.max(-1, liveness.number[variable] - MAX_FIELDS);
  }

  /** The class file of the frame. */
  byte[] write(String name, char result) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(V21, ACC_FINAL | ACC_SUPER, name, null, Names.OBJECT, null);
    int[] variables = liveness.variable;
    for (int variable : Arrays.copyOf(variables, Math.min(MAX_FIELDS, variables.length))) {
      field(writer, "v" + variable, JvmSignature.typeOf(ir.kind(variable)));
    }
    if (result == 'A') {
      field(writer, "result", JvmSignature.typeOf(result));
    }
    field(writer, "left", "I");
    field(writer, "sp", "I");
    field(writer, "caught", WASM_EXCEPTION);
    MethodVisitor init = writer.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(ALOAD, 0);
    init.visitMethodInsn(INVOKESPECIAL, Names.OBJECT, "<init>", "()V", false);
    if (arrayLength > 0) {
      field(writer, "bits", "[J");
      init.visitVarInsn(ALOAD, 0);
      init.visitLdcInsn(arrayLength);
      init.visitIntInsn(NEWARRAY, T_LONG);
      init.visitFieldInsn(PUTFIELD, name, "bits", "[J");
      field(writer, "refs", "[Ljava/lang/Object;");
      init.visitVarInsn(ALOAD, 0);
      init.visitLdcInsn(arrayLength);
      init.visitTypeInsn(ANEWARRAY, Names.OBJECT);
      init.visitFieldInsn(PUTFIELD, name, "refs", "[Ljava/lang/Object;");
    }
    init.visitInsn(RETURN);
    init.visitMaxs(2, 1);
    init.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void field(ClassWriter writer, String name, String descriptor) {
    writer.visitField(0, name, descriptor, null, null).visitEnd();
  }
}
