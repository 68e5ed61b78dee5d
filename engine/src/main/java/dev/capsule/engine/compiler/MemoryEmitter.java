package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ArrayAccess;
import dev.capsule.engine.exec.ArrayMemory;
import dev.capsule.engine.exec.AtomicOps;
import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.exec.MemoryOps;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.Type;

/**
 * Emits accesses to memories. Memory 0 with 32-bit addresses is an array, which {@link ArrayAccess}
 * checks against the memory's size; all others go through {@link LinearMemory}.
 */
final class MemoryEmitter {
  private static final String LINEAR = Type.getInternalName(LinearMemory.class);
  private static final String LINEAR_TYPE = Names.descriptor(LINEAR);

  private final MethodCode code;

  MemoryEmitter(MethodCode code) {
    this.code = code;
  }

  /** Whether accesses to a memory go to an array. */
  static boolean isArray(MemoryType type, int index) {
    return index == 0 && !type.shared() && type.address() == AddressType.I32;
  }

  boolean emit(Ins ins) {
    Opcode op = ins.opcode;
    if (op.prefix() == 0xFE) {
      if (op == Opcode.ATOMIC_FENCE) {
        code.call(AtomicOps.class, "fence", "()V");
      } else {
        atomic(ins);
      }
      return true;
    }
    if (op.immediate() == Immediate.MEMARG && op.prefix() == 0) {
      if (op.signature().endsWith(":")) {
        store(ins);
      } else {
        load(ins);
      }
      return true;
    }
    switch (op) {
      case MEMORY_SIZE -> {
        linear(ins.a);
        code.invoke(LinearMemory.class, "pages", "()J");
        narrow(ins.a);
      }
      case MEMORY_GROW -> {
        widen(ins.a);
        int delta = code.spill('J', 0);
        code.store();
        linear(ins.a);
        code.loadLocal('J', delta);
        code.call(
            MemoryOps.class, "grow", "(" + Names.descriptor(Names.STORE) + LINEAR_TYPE + "J)J");
        narrow(ins.a);
        code.reloadMemory();
      }
      case MEMORY_FILL -> {
        widen(ins.a);
        int length = code.spill('J', 0);
        int value = code.spill('I', 1);
        widen(ins.a);
        int address = code.spill('J', 2);
        code.store();
        linear(ins.a);
        code.loadLocal('J', address);
        code.loadLocal('I', value);
        code.loadLocal('J', length);
        code.call(
            MemoryOps.class, "fill", "(" + Names.descriptor(Names.STORE) + LINEAR_TYPE + "JIJ)V");
      }
      case MEMORY_COPY -> copy(ins);
      case MEMORY_INIT -> {
        int length = code.spill('I', 0);
        int source = code.spill('I', 1);
        widen(ins.b);
        int target = code.spill('J', 2);
        code.instance();
        code.push(ins.a);
        linear(ins.b);
        code.loadLocal('J', target);
        code.loadLocal('I', source);
        code.loadLocal('I', length);
        code.call(
            MemoryOps.class,
            "init",
            "(" + Names.descriptor(Names.INSTANCE) + "I" + LINEAR_TYPE + "JII)V");
      }
      case DATA_DROP -> {
        code.instance();
        code.push(ins.a);
        code.call(MemoryOps.class, "drop", "(" + Names.descriptor(Names.INSTANCE) + "I)V");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void copy(Ins ins) {
    boolean wide = is64(ins.a) && is64(ins.b);
    if (!wide) {
      code.op(I2L);
      code.push(0xFFFFFFFFL);
      code.op(LAND);
    }
    int length = code.spill('J', 0);
    widen(ins.b);
    int source = code.spill('J', 1);
    widen(ins.a);
    int target = code.spill('J', 2);
    code.store();
    linear(ins.a);
    code.loadLocal('J', target);
    linear(ins.b);
    code.loadLocal('J', source);
    code.loadLocal('J', length);
    code.call(
        MemoryOps.class,
        "copy",
        "(" + Names.descriptor(Names.STORE) + LINEAR_TYPE + "J" + LINEAR_TYPE + "JJ)V");
  }

  private boolean is64(int memory) {
    return code.module.memory(memory).address() == AddressType.I64;
  }

  /** Zero-extends an address or size on top. */
  private void widen(int memory) {
    if (!is64(memory)) {
      code.op(I2L);
      code.push(0xFFFFFFFFL);
      code.op(LAND);
    }
  }

  private void narrow(int memory) {
    if (!is64(memory)) {
      code.op(L2I);
    }
  }

  void linear(int memory) {
    code.instance();
    code.field(Names.INSTANCE, "memories", "[" + LINEAR_TYPE);
    code.push(memory);
    code.op(AALOAD);
  }

  boolean isArray(int memory) {
    return isArray(code.module.memory(memory), memory);
  }

  // Accesses.

  /** What an access moves: the Java type, and how it becomes the Wasm value. */
  private record Width(char java, int bits) {}

  private static Width width(Opcode op) {
    return switch (op) {
      case I32_LOAD8_S, I32_LOAD8_U, I64_LOAD8_S, I64_LOAD8_U, I32_STORE8, I64_STORE8 ->
          new Width('B', 8);
      case I32_LOAD16_S, I32_LOAD16_U, I64_LOAD16_S, I64_LOAD16_U, I32_STORE16, I64_STORE16 ->
          new Width('S', 16);
      case I64_LOAD, F64_LOAD, I64_STORE, F64_STORE -> new Width('J', 64);
      default -> new Width('I', 32);
    };
  }

  private void load(Ins ins) {
    char width = width(ins.opcode).java;
    loadRaw(ins.a, ins.x, width);
    switch (ins.opcode) {
      case I32_LOAD8_U -> and(0xFF);
      case I32_LOAD16_U -> and(0xFFFF);
      case I64_LOAD8_S, I64_LOAD16_S, I64_LOAD32_S -> code.op(I2L);
      case I64_LOAD8_U -> {
        and(0xFF);
        code.op(I2L);
      }
      case I64_LOAD16_U -> {
        and(0xFFFF);
        code.op(I2L);
      }
      case I64_LOAD32_U -> {
        code.op(I2L);
        code.push(0xFFFFFFFFL);
        code.op(LAND);
      }
      case F32_LOAD -> code.call(Float.class, "intBitsToFloat", "(I)F");
      case F64_LOAD -> code.call(Double.class, "longBitsToDouble", "(J)D");
      default -> {}
    }
  }

  private void and(int mask) {
    code.push(mask);
    code.op(IAND);
  }

  /** Pops an address; pushes what is there, as int (sign-extended) or long. */
  void loadRaw(int memory, long offset, char width) {
    if (!isArray(memory)) {
      effective(memory, offset);
      int address = code.spill('J', 0);
      linear(memory);
      code.loadLocal('J', address);
      switch (width) {
        case 'B' -> code.invoke(LinearMemory.class, "getByte", "(J)B");
        case 'S' -> code.invoke(LinearMemory.class, "getShort", "(J)S");
        case 'J' -> code.invoke(LinearMemory.class, "getLong", "(J)J");
        default -> code.invoke(LinearMemory.class, "getInt", "(J)I");
      }
      return;
    }
    access(Access.GET, offset, width);
  }

  /** Pops an address in memory 0, an array; pushes sixteen bytes as an object. */
  void loadVector(long offset) {
    checkVector(offset);
    int index = code.spill('I', 0);
    VectorApi.species(code.visitor, VectorApi.Lanes.BYTES);
    code.loadLocal('A', code.memory);
    code.loadLocal('I', index);
    VectorApi.load(code.visitor);
  }

  /** Pops sixteen bytes as an object and an address in memory 0, an array. */
  void storeVector(long offset) {
    int value = code.spill('A', 1);
    checkVector(offset);
    int index = code.spill('I', 0);
    code.loadLocal('A', value);
    code.loadLocal('A', code.memory);
    code.loadLocal('I', index);
    VectorApi.store(code.visitor);
  }

  /** The methods of {@link ArrayAccess}; making their descriptors each time would take time. */
  private enum Access {
    GET("get"),
    SET("set");

    private final Map<Character, String> names;
    private final Map<Character, String> withOffset;
    private final Map<Character, String> without;

    Access(String verb) {
      names =
          Map.of('B', verb + "Byte", 'S', verb + "Short", 'I', verb + "Int", 'J', verb + "Long");
      withOffset = descriptors(verb, "I[BI");
      without = descriptors(verb, "[BI");
    }

    private static Map<Character, String> descriptors(String verb, String rest) {
      Map<Character, String> descriptors = new HashMap<>();
      for (char width : WIDTHS) {
        descriptors.put(
            width,
            verb.equals("get")
                ? "(I" + rest + ")" + width
                : "(I" + (width == 'J' ? 'J' : 'I') + rest + ")V");
      }
      return descriptors;
    }
  }

  private static final char[] WIDTHS = {'B', 'S', 'I', 'J'};

  /** Accesses the array at the address on top, or the one below the value on top. */
  private void access(Access access, long offset, char width) {
    if (offset >= ArrayMemory.MAX_BYTES) {
      beyond(access, width);
      return;
    }
    if (offset != 0) {
      code.push((int) offset);
    }
    code.loadLocal('A', code.memory);
    code.loadLocal('I', code.memorySize);
    Map<Character, String> descriptors = offset == 0 ? access.without : access.withOffset;
    code.call(ArrayAccess.class, access.names.get(width), descriptors.get(width));
  }

  /** Traps, for no array is so long. */
  private void beyond(Access access, char width) {
    if (access == Access.SET) {
      code.pop(width == 'J' ? 'J' : 'I');
    }
    code.op(POP);
    code.call(Support.class, "outOfBounds", "()I");
    if (access == Access.SET) {
      code.op(POP);
    } else if (width == 'J') {
      code.op(I2L);
    }
  }

  /** Checks an access of sixteen bytes to the array, and adds the static offset to the address. */
  private void checkVector(long offset) {
    if (offset > ArrayMemory.MAX_BYTES - 16) {
      code.op(POP);
      code.call(Support.class, "outOfBounds", "()I");
    } else if (offset == 0) {
      // ArrayAccess.bounded: HotSpot inlines no methods of ours in long code with vectors.
      code.op(DUP);
      code.loadLocal('I', code.memorySize);
      code.push(Integer.MAX_VALUE);
      code.op(ISUB);
      code.push(31);
      code.op(ISHR);
      code.op(IAND);
      limitVector(0);
      code.op(POP);
    } else {
      limitVector((int) offset);
      code.push((int) offset);
      code.op(IADD);
    }
  }

  /** Checks that an address is below the size but for the offset and the last of sixteen bytes. */
  private void limitVector(int offset) {
    code.loadLocal('I', code.memorySize);
    code.push(offset + 15);
    code.op(ISUB);
    code.call(Objects.class, "checkIndex", "(II)I");
  }

  /** Turns an address into the effective one, as a long. */
  void effective(int memory, long offset) {
    widen(memory);
    if (offset != 0) {
      code.push(offset);
      code.call(LinearMemory.class, "effective", "(JJ)J");
    }
  }

  private void store(Ins ins) {
    Opcode op = ins.opcode;
    switch (op) {
      case F32_STORE -> code.call(Float.class, "floatToRawIntBits", "(F)I");
      case F64_STORE -> code.call(Double.class, "doubleToRawLongBits", "(D)J");
      case I64_STORE8, I64_STORE16, I64_STORE32 -> code.op(L2I);
      default -> {}
    }
    storeRaw(ins.a, ins.x, width(op).java);
  }

  /** Pops a value (int or long) and an address. */
  void storeRaw(int memory, long offset, char width) {
    if (isArray(memory)) {
      access(Access.SET, offset, width);
      return;
    }
    char kind = width == 'J' ? 'J' : 'I';
    int value = code.spill(kind, 1);
    effective(memory, offset);
    int address = code.spill('J', 0);
    linear(memory);
    code.loadLocal('J', address);
    code.loadLocal(kind, value);
    switch (width) {
      case 'B' -> {
        code.op(I2B);
        code.invoke(LinearMemory.class, "putByte", "(JB)V");
      }
      case 'S' -> {
        code.op(I2S);
        code.invoke(LinearMemory.class, "putShort", "(JS)V");
      }
      case 'J' -> code.invoke(LinearMemory.class, "putLong", "(JJ)V");
      default -> code.invoke(LinearMemory.class, "putInt", "(JI)V");
    }
  }

  // Atomics.

  /** Turns an address into the effective one; one that is too large traps before its alignment. */
  private void atomicAddress(Ins ins) {
    widen(ins.a);
    code.push(ins.x);
    code.call(LinearMemory.class, "effective", "(JJ)J");
  }

  private void atomic(Ins ins) {
    Opcode op = ins.opcode;
    String signature = op.signature();
    boolean i64 = signature.contains("l") && !op.mnemonic().startsWith("memory");
    int log2 = op.align();
    String name = op.mnemonic();
    if (op == Opcode.MEMORY_ATOMIC_NOTIFY) {
      int count = code.spill('I', 1);
      atomicAddress(ins);
      int address = code.spill('J', 0);
      linear(ins.a);
      code.loadLocal('J', address);
      code.loadLocal('I', count);
      code.call(AtomicOps.class, "wake", "(" + LINEAR_TYPE + "JI)I");
      return;
    }
    if (name.startsWith("memory.atomic.wait")) {
      int nanos = code.spill('J', 1);
      if (log2 == 2) {
        code.op(I2L);
      }
      int expected = code.spill('J', 2);
      atomicAddress(ins);
      int address = code.spill('J', 0);
      code.store();
      linear(ins.a);
      code.push(log2);
      code.loadLocal('J', address);
      code.loadLocal('J', expected);
      code.loadLocal('J', nanos);
      code.call(
          AtomicOps.class, "await", "(" + Names.descriptor(Names.STORE) + LINEAR_TYPE + "IJJJ)I");
      code.reloadMemory();
      return;
    }
    int operands = signature.indexOf(':') - 1;
    for (int i = operands; i >= 1; i--) {
      if (!i64) {
        code.op(I2L);
        code.push(0xFFFFFFFFL);
        code.op(LAND);
      }
      code.spill('J', i);
    }
    atomicAddress(ins);
    int address = code.spill('J', 0);
    linear(ins.a);
    if (operands == 1 && !signature.endsWith(":")) {
      String operation = name.substring(name.indexOf("rmw") + 3).replaceFirst("^[0-9]*\\.", "");
      operation = operation.replace("_u", "").toUpperCase(java.util.Locale.ROOT);
      String rmw = Type.getInternalName(AtomicOps.Rmw.class);
      code.visitor.visitFieldInsn(GETSTATIC, rmw, operation, Names.descriptor(rmw));
      code.push(log2);
      code.loadLocal('J', address);
      code.loadLocal('J', code.scratch(1));
      code.call(AtomicOps.class, "rmw", "(" + LINEAR_TYPE + Names.descriptor(rmw) + "IJJ)J");
    } else {
      code.push(log2);
      code.loadLocal('J', address);
      for (int i = 1; i <= operands; i++) {
        code.loadLocal('J', code.scratch(i));
      }
      switch (operands) {
        case 0 -> code.call(AtomicOps.class, "load", "(" + LINEAR_TYPE + "IJ)J");
        case 1 -> code.call(AtomicOps.class, "store", "(" + LINEAR_TYPE + "IJJ)V");
        default -> code.call(AtomicOps.class, "cmpxchg", "(" + LINEAR_TYPE + "IJJJ)J");
      }
    }
    if (!i64 && !signature.endsWith(":")) {
      code.op(L2I);
    }
  }
}
