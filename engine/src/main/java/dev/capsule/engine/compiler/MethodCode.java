package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.MemoryBound;
import dev.capsule.engine.module.Module;
import java.util.Arrays;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The method that is being written: where things are, and the small moves that all emitters share.
 * Variables live in JVM locals; where the function is split, some are in its frame as well.
 */
final class MethodCode {
  private static final String BOUND = Type.getDescriptor(MemoryBound.class);

  final MeasuringVisitor visitor;
  final ClassCode owner;
  final FunctionIr ir;
  final Module module;

  /**
   * JVM locals of the instance, the store, and the bytes of memory 0 with what {@link MemoryBound}
   * says of them.
   */
  int instance;

  int store;

  /** What is left for calls, as {@link ExecStore#left} says; in regions, the frame has it. */
  int left = -1;

  int memory = -1;
  int memorySize = -1;

  /** Where the array of memory 0 is accessed; null where it is not. */
  MemoryUse memoryUse;

  /** While a call is written: whether the array of memory 0 may be accessed before the next one. */
  boolean wantsMemory;

  /** In a region: the JVM local of the frame object; else -1. */
  int frame = -1;

  /**
   * The JVM local that holds the store's fuel while no other code runs; -1 where the store's own
   * field is used throughout.
   */
  int fuel = -1;

  /** The JVM local that counts the fuel which the fast version of a loop takes; -1 for none. */
  int used = -1;

  /** The JVM local that has the bytes of memory 0 in the fast version of a loop; or -1. */
  int loopMemory = -1;

  /** By variable: its JVM local, or -1 where the frame is its only home or it has none. */
  final int[] local;

  /** By variable: its JVM local once it is written; null where {@link #local} never changes. */
  int[] written;

  private int nextLocal;
  private int scratch = -1;

  /** For methods that move parameters only. */
  MethodCode(MethodVisitor visitor, ClassCode owner) {
    this(visitor, owner, null);
  }

  MethodCode(MethodVisitor visitor, ClassCode owner, FunctionIr ir) {
    this.visitor =
        visitor instanceof MeasuringVisitor measuring ? measuring : new MeasuringVisitor(visitor);
    this.owner = owner;
    this.ir = ir;
    this.module = owner == null ? null : owner.module;
    this.local = new int[ir == null ? 0 : ir.variables()];
    Arrays.fill(local, -1);
  }

  int newLocal(char kind) {
    int at = nextLocal;
    nextLocal += JvmSignature.slots(kind);
    return at;
  }

  /** Locals for values within one instruction; not described in frames. */
  int scratch(int index) {
    if (scratch < 0) {
      scratch = nextLocal;
    }
    return scratch + 2 * index;
  }

  /** Moves the value on top to a local for values within one instruction. */
  int spill(char kind, int index) {
    int at = scratch(index);
    storeLocal(kind, at);
    return at;
  }

  int localsEnd() {
    return nextLocal;
  }

  // Moves.

  void op(int opcode) {
    visitor.visitInsn(opcode);
  }

  void get(int variable) {
    char kind = ir.kind(variable);
    if (local[variable] >= 0) {
      loadLocal(kind, local[variable]);
    } else {
      loadLocal('A', frame);
      owner.frameField(visitor, Opcodes.GETFIELD, variable, kind);
    }
  }

  void set(int variable, boolean writeThrough) {
    char kind = ir.kind(variable);
    if (written != null) {
      local[variable] = written[variable];
    }
    if (local[variable] < 0) {
      loadLocal('A', frame);
      if (JvmSignature.slots(kind) == 2) {
        op(Opcodes.DUP_X2);
        op(Opcodes.POP);
      } else {
        op(Opcodes.SWAP);
      }
      owner.frameField(visitor, Opcodes.PUTFIELD, variable, kind);
      return;
    }
    storeLocal(kind, local[variable]);
    if (writeThrough) {
      loadLocal('A', frame);
      loadLocal(kind, local[variable]);
      owner.frameField(visitor, Opcodes.PUTFIELD, variable, kind);
    }
  }

  void loadLocal(char kind, int index) {
    visitor.visitVarInsn(
        switch (kind) {
          case 'I' -> Opcodes.ILOAD;
          case 'J' -> Opcodes.LLOAD;
          case 'F' -> Opcodes.FLOAD;
          case 'D' -> Opcodes.DLOAD;
          default -> Opcodes.ALOAD;
        },
        index);
  }

  void storeLocal(char kind, int index) {
    visitor.visitVarInsn(
        switch (kind) {
          case 'I' -> Opcodes.ISTORE;
          case 'J' -> Opcodes.LSTORE;
          case 'F' -> Opcodes.FSTORE;
          case 'D' -> Opcodes.DSTORE;
          default -> Opcodes.ASTORE;
        },
        index);
  }

  void zero(char kind) {
    if (kind == 'V') {
      VectorApi.zero(this);
      return;
    }
    op(
        switch (kind) {
          case 'I' -> Opcodes.ICONST_0;
          case 'J' -> Opcodes.LCONST_0;
          case 'F' -> Opcodes.FCONST_0;
          case 'D' -> Opcodes.DCONST_0;
          default -> Opcodes.ACONST_NULL;
        });
  }

  void push(int value) {
    if (value >= -1 && value <= 5) {
      op(Opcodes.ICONST_0 + value);
    } else if (value == (byte) value) {
      visitor.visitIntInsn(Opcodes.BIPUSH, value);
    } else if (value == (short) value) {
      visitor.visitIntInsn(Opcodes.SIPUSH, value);
    } else {
      visitor.visitLdcInsn(value);
    }
  }

  void push(long value) {
    if (value == 0 || value == 1) {
      op(value == 0 ? Opcodes.LCONST_0 : Opcodes.LCONST_1);
    } else if (value == (short) value) {
      push((int) value);
      op(Opcodes.I2L);
    } else {
      visitor.visitLdcInsn(value);
    }
  }

  void instance() {
    loadLocal('A', instance);
  }

  void store() {
    loadLocal('A', store);
  }

  /** Pushes what calls pass on besides arguments; see {@link Names#CONTEXT}. */
  void context() {
    if (frame >= 0) {
      loadLocal('A', frame);
      field(owner.frameClass, "left", "I");
    } else {
      loadLocal('I', left);
    }
    instance();
  }

  /** Keeps the instance's store in a JVM local. */
  void takeStore(int local) {
    store = local;
    instance();
    field(Names.INSTANCE, "store", Names.descriptor(Names.STORE));
    storeLocal('A', store);
  }

  /** Pushes what is left for calls where code of another kind calls compiled code. */
  void depthLeft() {
    store();
    invoke(ExecStore.class, "left", "()I");
  }

  /** Lets the store know what is left for calls, before code of another kind runs. */
  void storeDepth() {
    store();
    loadLocal('I', left);
    invoke(ExecStore.class, "takeLeft", "(I)V");
  }

  void field(String owner, String name, String descriptor) {
    visitor.visitFieldInsn(Opcodes.GETFIELD, owner, name, descriptor);
  }

  void call(Class<?> type, String name, String descriptor) {
    visitor.visitMethodInsn(Opcodes.INVOKESTATIC, Names.of(type), name, descriptor, false);
  }

  void invoke(Class<?> type, String name, String descriptor) {
    visitor.visitMethodInsn(Opcodes.INVOKEVIRTUAL, Names.of(type), name, descriptor, false);
  }

  void cast(Class<?> type) {
    visitor.visitTypeInsn(Opcodes.CHECKCAST, Names.of(type));
  }

  /** Turns the value on top into the bits of a slot. */
  void toBits(char kind) {
    switch (kind) {
      case 'I' -> op(Opcodes.I2L);
      case 'F' -> {
        call(Float.class, "floatToRawIntBits", "(F)I");
        op(Opcodes.I2L);
      }
      case 'D' -> call(Double.class, "doubleToRawLongBits", "(D)J");
      default -> {}
    }
  }

  /** Turns the bits of a slot on top into a value. */
  void fromBits(char kind) {
    switch (kind) {
      case 'I' -> op(Opcodes.L2I);
      case 'F' -> {
        op(Opcodes.L2I);
        call(Float.class, "intBitsToFloat", "(I)F");
      }
      case 'D' -> call(Double.class, "longBitsToDouble", "(J)D");
      default -> {}
    }
  }

  void pop(char kind) {
    op(JvmSignature.slots(kind) == 2 ? Opcodes.POP2 : Opcodes.POP);
  }

  /** Takes the store's fuel into its local. */
  void loadFuel() {
    if (fuel >= 0) {
      store();
      field(Names.STORE, "fuel", "J");
      op(Opcodes.L2I);
      storeLocal('I', fuel);
    }
  }

  /** Gives the store its fuel back. */
  void storeFuel() {
    if (fuel >= 0) {
      store();
      loadLocal('I', fuel);
      op(Opcodes.I2L);
      visitor.visitFieldInsn(Opcodes.PUTFIELD, Names.STORE, "fuel", "J");
    }
  }

  /** Loads the bytes of memory 0 for the fast version of a loop alone. */
  void loadLoopMemory() {
    if (loopMemory >= 0) {
      loadArray(loopMemory);
    }
  }

  private void loadArray(int local) {
    instance();
    field(Names.INSTANCE, "array0", "[B");
    storeLocal('A', local);
  }

  /** Has accesses use the bytes that were loaded for a fast version, or again those of before. */
  void swapMemory() {
    if (loopMemory >= 0) {
      int other = memory;
      memory = loopMemory;
      loopMemory = other;
    }
  }

  /** Whether the bytes of memory 0 may be accessed from a step of a block on. */
  boolean memoryWantedAt(Block block, int from) {
    return memoryUse != null && memoryUse.wantedAt(block, from);
  }

  /**
   * Loads the bytes of memory 0 on the way into a method, whose locals {@code frame} describes.
   * Where there are none the array is not its own bound: HotSpot finds that out without asking, by
   * the next look at the array's length.
   */
  void loadMemory(Runnable frame) {
    Label exact = new Label();
    instance();
    field(Names.INSTANCE, "bytes0", "[B");
    storeLocal('A', memory);
    push(Integer.MAX_VALUE);
    storeLocal('I', memorySize);
    loadLocal('A', memory);
    visitor.visitJumpInsn(Opcodes.IFNONNULL, exact);
    reloadMemory();
    visitor.visitLabel(exact);
    frame.run();
  }

  /** Loads the bytes of memory 0 again, after something that may have replaced them. */
  void reloadMemory() {
    if (memory >= 0) {
      loadArray(memory);
      instance();
      field(Names.INSTANCE, "bound0", BOUND);
      invoke(MemoryBound.class, "size", "()I");
      storeLocal('I', memorySize);
    }
  }
}
