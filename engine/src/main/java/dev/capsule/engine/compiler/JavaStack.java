package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;

/**
 * What calls of compiled functions take of a thread's stack, in units of {@link
 * ExecStore#STACK_UNIT} bytes and estimated from above, whether the JVM interprets their methods,
 * which keeps every local and operand in 8 bytes, or compiles them, which keeps what does not fit
 * into registers, and, by C1, each value in a place of its own.
 */
final class JavaStack {
  /** What a frame takes besides values: what the JVM keeps there, and a few values of ours. */
  private static final int FRAME = 160;

  /**
   * Methods through which a call may reach a function's own, which has its parameters once more: a
   * helper, the callable's, and one that makes tail calls.
   */
  private static final int PASSED = 4;

  /** Locals that methods have besides variables. */
  private static final int OWN_LOCALS = 10 + FunctionCompiler.SCRATCH;

  /** Operands of an instruction that are not the function's own. */
  private static final int OWN_OPERANDS = 16;

  private JavaStack() {}

  /** What the frame of a method takes that only passes parameters of a signature on. */
  static int passing(JvmSignature signature) {
    return units(passingBytes(signature));
  }

  private static long passingBytes(JvmSignature signature) {
    // Its parameters, and those of what it calls.
    return FRAME + 2 * 8L * ClassCode.paramSlots(signature);
  }

  /** What calls of a function take that is one method. */
  static int ofWhole(FunctionIr ir, JvmSignature signature) {
    long locals = ClassCode.paramSlots(signature) + OWN_LOCALS;
    for (int i = 0; i < ir.variables(); i++) {
      locals += JvmSignature.slots(ir.kind(i));
    }
    long bytes = PASSED * passingBytes(signature) + frame(ir, locals);
    for (Block block : ir.blocks) {
      bytes += spilled(block);
    }
    return units(bytes);
  }

  /** The same where its quick ways are a method of their own, whose frame stays below the other. */
  static int withFront(FunctionIr ir, JvmSignature signature, Front front) {
    long locals = ClassCode.paramSlots(signature) + OWN_LOCALS;
    long bytes = frame(ir, locals + front.handedSlots);
    for (Block block : front.blocks) {
      // Each step may use a variable of two slots that no other does.
      bytes += spilled(block) + 16L * block.code.size();
    }
    return ofWhole(ir, signature) + units(bytes);
  }

  /**
   * What calls of a function take that is split.
   *
   * @param locals the most JVM locals of a region
   * @param spilled the most that {@link #spilled} gave for a region
   */
  static int ofSplit(FunctionIr ir, JvmSignature signature, int locals, long spilled) {
    // The driver, perhaps a method that chooses among regions, and the region.
    return units((PASSED + 1) * passingBytes(signature) + frame(ir, locals) + spilled);
  }

  private static long frame(FunctionIr ir, long locals) {
    return FRAME + 8 * (locals + 2L * ir.operandSlots + OWN_OPERANDS);
  }

  /**
   * What C1 may keep of the values that a block makes: it reuses no place in a frame, and each loop
   * around a variable that is written has a value of its own for it.
   */
  static long spilled(Block block) {
    long writes = block.code.stream().filter(ins -> ins.kind == Ins.Kind.SET).count();
    return 4L * (block.code.size() + writes * block.loopDepth);
  }

  private static int units(long bytes) {
    return (int) Math.min(1 << 20, bytes / ExecStore.STACK_UNIT + 1);
  }
}
