package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes the method {@code resume}, by which the interpreter hands over an activation at a loop's
 * header: the activation's parameters and locals lie in slots, its operand stack is empty.
 */
final class LoopEntries {
  private static final String INSTANCE = Names.descriptor(Names.INSTANCE);
  private static final String STORE = Names.descriptor(Names.STORE);
  static final String DESCRIPTOR = "(" + INSTANCE + STORE + "II)Z";

  /** How many numbers a row has: the place in the module, and these. */
  static final int ROW = 3;

  /** The number to go on with. */
  private static final int NUMBER = 1;

  /** The units of fuel that are pending at the header. */
  private static final int PENDING = 2;

  private LoopEntries() {}

  /** The headers at which a function can be entered. */
  static List<Block> of(FunctionIr ir) {
    List<Block> headers = new ArrayList<>();
    for (Block block : ir.blocks) {
      if (block.loopOffset >= 0) {
        headers.add(block);
      }
    }
    headers.sort((a, b) -> Integer.compare(a.loopOffset, b.loopOffset));
    return headers;
  }

  /**
   * Writes {@code resume}, which calls {@code static R method(ModuleInstance, int entry)} with a
   * number for the header; the store's stack pointer is then the frame's first slot.
   *
   * @param numbers by header: the number to pass
   */
  static void write(ClassCode owner, List<Block> headers, int[] numbers, String method) {
    MethodVisitor v = owner.writer.visitMethod(ACC_PUBLIC, "resume", DESCRIPTOR, null, null);
    v.visitCode();
    // Locals: this, instance, store, fp, header or what was found for it, saved sp, depth and Java
    // stack, result.
    MethodCode code = new MethodCode(v, owner);
    code.instance = 1;
    code.store = 2;
    int[] table = table(headers, numbers);
    Label known = new Label();
    code.loadLocal('I', 4);
    owner.table(v, "loops", table);
    code.call(Support.class, "loop", "(I[I)I");
    code.op(DUP);
    code.storeLocal('I', 4);
    v.visitJumpInsn(IFGE, known);
    code.op(ICONST_0);
    code.op(IRETURN);
    v.visitLabel(known);
    v.visitFrame(F_SAME, 0, null, 0, null);
    if (headers.stream().anyMatch(header -> header.pendingIn != 0)) {
      // The interpreter's fuel is exact; code from here on expects what is pending at the header.
      code.store();
      code.op(DUP);
      code.field(Names.STORE, "fuel", "J");
      column(code, table, PENDING);
      code.op(I2L);
      code.op(LADD);
      v.visitFieldInsn(PUTFIELD, Names.STORE, "fuel", "J");
    }
    column(code, table, NUMBER);
    code.storeLocal('I', 4);
    code.store();
    code.field(Names.STORE, "sp", "I");
    code.storeLocal('I', 5);
    code.store();
    code.field(Names.STORE, "depth", "I");
    code.push(owner.depthUnits());
    code.op(IADD);
    code.storeLocal('I', 6);
    code.store();
    code.invoke(ExecStore.class, "javaStack", "()I");
    code.storeLocal('I', 7);
    code.store();
    code.loadLocal('I', 3);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "sp", "I");
    Label start = new Label();
    Label end = new Label();
    Label handler = new Label();
    v.visitTryCatchBlock(start, end, handler, "java/lang/Throwable");
    v.visitLabel(start);
    code.instance();
    code.loadLocal('I', 4);
    v.visitMethodInsn(INVOKESTATIC, owner.name, method, descriptor(owner.signature), false);
    v.visitLabel(end);
    EntryCode.charge(v, code.instance, CallerFuel.of(owner.function).after());
    result(code, v, owner.signature.returnKind());
    code.store();
    code.loadLocal('I', 5);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "sp", "I");
    code.store();
    code.loadLocal('I', 6);
    v.visitFieldInsn(PUTFIELD, Names.STORE, "depth", "I");
    code.store();
    code.loadLocal('I', 7);
    code.invoke(ExecStore.class, "setJavaStack", "(I)V");
    code.op(ICONST_1);
    code.op(IRETURN);
    v.visitLabel(handler);
    v.visitFrame(
        F_FULL,
        6,
        new Object[] {owner.name, Names.INSTANCE, Names.STORE, INTEGER, INTEGER, INTEGER},
        1,
        new Object[] {"java/lang/Throwable"});
    code.store();
    code.op(SWAP);
    code.call(
        CompiledTraps.class,
        "translate",
        "(" + STORE + "Ljava/lang/Throwable;)Ljava/lang/Throwable;");
    code.op(ATHROW);
    v.visitMaxs(10, 11);
    v.visitEnd();
  }

  /** A row for each header, by which {@link Support#loop} finds it; a switch would be too large. */
  private static int[] table(List<Block> headers, int[] numbers) {
    int[] table = new int[headers.size() * ROW];
    for (int i = 0; i < numbers.length; i++) {
      Block header = headers.get(i);
      table[i * ROW] = header.loopOffset;
      table[i * ROW + NUMBER] = numbers[i];
      table[i * ROW + PENDING] = Math.toIntExact(header.pendingIn);
    }
    return table;
  }

  /** Pushes what a header's row, whose place is in a local, has in a column. */
  private static void column(MethodCode code, int[] table, int column) {
    code.owner.table(code.visitor, "loops", table);
    code.loadLocal('I', 4);
    code.push(column);
    code.op(IADD);
    code.op(IALOAD);
  }

  /** The method that does the work: its parameters are the instance and the header's number. */
  static String descriptor(JvmSignature signature) {
    return "(" + INSTANCE + "I)" + signature.returns();
  }

  /** Leaves the result in the frame's first slot, unless a tail call's arguments lie there. */
  private static void result(MethodCode code, MethodVisitor v, char kind) {
    if (kind == 'V') {
      return;
    }
    Label left = new Label();
    code.storeLocal(kind, 8);
    code.store();
    code.field(Names.STORE, "tail", Names.descriptor(FuncInstance.class));
    v.visitJumpInsn(IFNONNULL, left);
    SlotCode.target(code, kind, 0);
    code.loadLocal(kind, 8);
    if (kind == 'A') {
      code.op(AASTORE);
    } else {
      code.toBits(kind);
      code.op(LASTORE);
    }
    v.visitLabel(left);
    v.visitFrame(F_APPEND, 3, new Object[] {INTEGER, INTEGER, INTEGER}, 0, null);
  }

  /** Loads all parameters and locals from the frame that starts at the store's stack pointer. */
  static void locals(MethodCode code, FunctionIr ir, IntPredicate wanted, Loader to) {
    int slot = 0;
    for (int local = 0; local < ir.localVariable.length; local++) {
      ValType type = ir.localType(local);
      if (ir.width(type) < type.slots()) {
        int low = slot;
        to.load(
            ir.localVariable[local],
            () ->
                VectorApi.pack(
                    code,
                    () -> SlotCode.load(code, 'J', low),
                    () -> SlotCode.load(code, 'J', low + 1)));
        slot += type.slots();
        continue;
      }
      for (int half = 0; half < type.slots(); half++) {
        int variable = ir.localVariable[local] + half;
        if (wanted.test(variable)) {
          int from = slot;
          to.load(variable, () -> SlotCode.load(code, ir.kind(variable), from));
        }
        slot++;
      }
    }
  }

  /** Puts what {@code push} pushes where a variable lives. */
  interface Loader {
    void load(int variable, Runnable push);
  }
}
