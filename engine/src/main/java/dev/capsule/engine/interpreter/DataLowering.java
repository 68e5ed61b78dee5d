package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ArrayMemory;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.ValType;

/** Lowers instructions on globals, memories, tables, references and vectors. */
final class DataLowering {
  private final Lowering to;
  private final Module module;
  private final InstructionReader in;
  private final Code code;
  private final Operands operands;
  private final AggregateLowering aggregates;

  /** Whether accesses to memory 0 may go to its array. */
  private final boolean direct;

  private boolean accessed;

  DataLowering(Lowering to, boolean direct) {
    this.to = to;
    this.module = to.module;
    this.in = to.reader;
    this.code = to.code;
    this.operands = to.operands;
    this.aggregates = new AggregateLowering(to);
    this.direct = direct && module.memoryCount() > 0 && isArray(module.memory(0));
  }

  private int pop() {
    return operands.use(operands.pop());
  }

  private int number() {
    return operands.push(Operands.NUMBER);
  }

  private int reference() {
    return operands.push(Operands.REFERENCE);
  }

  void lower(Opcode op) {
    switch (op.prefix()) {
      case 0xFD -> vector(op);
      case 0xFE -> AtomicLowering.lower(to, op);
      case 0xFB -> aggregates.lower(op);
      case 0xFC -> bulk(op);
      default -> {
        if (op.immediate() == Immediate.MEMARG) {
          access(op);
        } else {
          plain(op);
        }
      }
    }
  }

  private void plain(Opcode op) {
    switch (op) {
      case GLOBAL_GET -> globalGet(module.global(in.index).value());
      case GLOBAL_SET -> {
        byte type = Operands.type(module.global(in.index).value());
        int value = pop();
        switch (type) {
          case Operands.REFERENCE -> code.emit(new VariableNodes.GlobalSetRef(in.index, value));
          case Operands.VECTOR -> code.emit(new VariableNodes.GlobalSetVector(in.index, value));
          default -> code.emit(Ops.GLOBAL_SET, in.index, value);
        }
      }
      case MEMORY_SIZE -> code.emit(new MemoryNodes.Size(number(), in.index));
      case MEMORY_GROW -> {
        int delta = pop();
        int w = code.charge();
        code.emit(new MemoryNodes.Grow(number(), in.index, wideMemory(in.index), delta, w));
      }
      case TABLE_GET -> {
        int index = pop();
        code.emit(new TableNodes.Get(reference(), in.index, wideTable(in.index), index));
      }
      case TABLE_SET -> {
        int value = pop();
        int index = pop();
        code.emit(new TableNodes.Set(in.index, wideTable(in.index), index, value));
      }
      case REF_NULL -> code.emit(new ReferenceNodes.Null(reference()));
      case REF_IS_NULL -> {
        int a = pop();
        code.emit(new ReferenceNodes.IsNull(number(), a));
      }
      case REF_FUNC -> code.emit(new ReferenceNodes.Func(reference(), in.index));
      case REF_EQ -> {
        int b = pop();
        int a = pop();
        code.emit(new ReferenceNodes.Eq(number(), a, b));
      }
      case REF_AS_NON_NULL ->
          code.emit(new ReferenceNodes.AsNonNull(operands.use(operands.count - 1)));
      case BR_ON_NULL -> {
        int a = operands.use(operands.count - 1);
        to.branchOnReference(a, null, false, in.index, 1);
      }
      case BR_ON_NON_NULL -> {
        int a = operands.use(operands.count - 1);
        to.branchOnReference(a, null, true, in.index, 0);
        operands.pop();
      }
      default -> throw new AssertionError(op);
    }
  }

  private void globalGet(ValType type) {
    byte kind = Operands.type(type);
    int d = operands.push(kind);
    switch (kind) {
      case Operands.REFERENCE -> code.emit(new VariableNodes.GlobalGetRef(d, in.index));
      case Operands.VECTOR -> code.emit(new VariableNodes.GlobalGetVector(d, in.index));
      default -> code.emit(Ops.GLOBAL_GET, d, in.index);
    }
  }

  private boolean wideTable(int table) {
    return module.table(table).address() == AddressType.I64;
  }

  private boolean wideMemory(int memory) {
    return module.memory(memory).address() == AddressType.I64;
  }

  // Memory.

  /** Whether any access went to the array of memory 0. */
  boolean accessed() {
    return accessed;
  }

  /** Whether memories of a type are arrays in most instances. */
  private static boolean isArray(MemoryType type) {
    return type.address() == AddressType.I32
        && !type.shared()
        && type.limits().min() <= ArrayMemory.MAX_BYTES >>> type.pageSizeLog2();
  }

  /** Whether an access goes to the array that nodes are given. */
  private boolean direct(int memory, long offset) {
    boolean is = direct && memory == 0 && offset >= 0 && offset < ArrayMemory.MAX_BYTES;
    accessed |= is;
    return is;
  }

  private static int shape(Opcode op) {
    return switch (op) {
      case I32_LOAD, F32_LOAD, I64_LOAD32_S -> Ops.LOAD32;
      case I64_LOAD, F64_LOAD -> Ops.LOAD64;
      case I32_LOAD8_S, I64_LOAD8_S -> Ops.LOAD8_S;
      case I32_LOAD8_U, I64_LOAD8_U -> Ops.LOAD8_U;
      case I32_LOAD16_S, I64_LOAD16_S -> Ops.LOAD16_S;
      case I32_LOAD16_U, I64_LOAD16_U -> Ops.LOAD16_U;
      case I64_LOAD32_U -> Ops.LOAD32_U;
      case I32_STORE, F32_STORE, I64_STORE32 -> Ops.STORE32;
      case I64_STORE, F64_STORE -> Ops.STORE64;
      case I32_STORE8, I64_STORE8 -> Ops.STORE8;
      case I32_STORE16, I64_STORE16 -> Ops.STORE16;
      default -> throw new AssertionError(op);
    };
  }

  private void access(Opcode op) {
    int shape = shape(op);
    boolean direct = direct(in.index, in.offset);
    boolean wide = wideMemory(in.index);
    if (op.signature().endsWith(":")) {
      int b = operands.pop();
      int a = operands.pop();
      if (direct && operands.isConstant(b)) {
        long value = operands.constant(b);
        // The immediate form is the next operation.
        code.emitStore(shape + 1, operands.use(a), value, (int) in.offset);
        return;
      }
      int value = operands.use(b);
      int address = operands.use(a);
      if (direct) {
        code.emit(shape, address, value, (int) in.offset);
      } else {
        code.emit(new MemoryNodes.Store(shape, in.index, wide, address, value, in.offset));
      }
    } else {
      int address = pop();
      int d = number();
      if (direct) {
        code.emit(shape, d, address, (int) in.offset);
      } else {
        code.emit(new MemoryNodes.Load(shape, d, in.index, wide, address, in.offset));
      }
    }
  }

  private void bulk(Opcode op) {
    switch (op) {
      case MEMORY_INIT ->
          range(MemoryNodes.init(in.index, in.index2), wideMemory(in.index2), false, false);
      case DATA_DROP -> code.emit(new MemoryNodes.DataDrop(in.index));
      case MEMORY_COPY -> {
        boolean wideTo = wideMemory(in.index);
        boolean wideFrom = wideMemory(in.index2);
        range(MemoryNodes.copy(in.index, in.index2), wideTo, wideFrom, wideTo && wideFrom);
      }
      case MEMORY_FILL -> {
        boolean wide = wideMemory(in.index);
        range(MemoryNodes.fill(in.index), wide, false, wide);
      }
      case TABLE_INIT ->
          range(TableNodes.init(in.index, in.index2), wideTable(in.index2), false, false);
      case ELEM_DROP -> code.emit(new TableNodes.ElemDrop(in.index));
      case TABLE_COPY -> {
        boolean wideTo = wideTable(in.index);
        boolean wideFrom = wideTable(in.index2);
        range(TableNodes.copy(in.index, in.index2), wideTo, wideFrom, wideTo && wideFrom);
      }
      case TABLE_GROW -> {
        int delta = pop();
        int value = pop();
        boolean wide = wideTable(in.index);
        int w = code.charge();
        code.emit(new TableNodes.Grow(number(), in.index, wide, value, delta, w));
      }
      case TABLE_SIZE -> code.emit(new TableNodes.Size(number(), in.index));
      case TABLE_FILL -> {
        int length = pop();
        int value = pop();
        int at = pop();
        boolean wide = wideTable(in.index);
        code.emit(TableNodes.fill(in.index, wide, at, value, length, code.charge()));
      }
      case I64_ADD128, I64_SUB128 -> {
        int bHigh = pop();
        int b = pop();
        int aHigh = pop();
        int a = pop();
        int d = number();
        number();
        code.emit(new WideNodes.Sum(op == Opcode.I64_SUB128, d, a, aHigh, b, bHigh));
      }
      case I64_MUL_WIDE_S, I64_MUL_WIDE_U -> {
        int b = pop();
        int a = pop();
        int d = number();
        number();
        code.emit(new WideNodes.Product(op == Opcode.I64_MUL_WIDE_S, d, a, b));
      }
      default -> throw new AssertionError(op);
    }
  }

  /** Each flag tells whether that operand is a 64-bit number. */
  private void range(
      RangeNode.Move move, boolean wideTarget, boolean wideSource, boolean wideLength) {
    int length = pop();
    int source = pop();
    int target = pop();
    int w = code.charge();
    code.emit(new RangeNode(move, wideTarget, wideSource, wideLength, target, source, length, w));
  }

  // Vectors.

  private void vector(Opcode op) {
    if (op == Opcode.V128_CONST) {
      int d = operands.push(Operands.VECTOR);
      code.constant(d, in.value);
      code.constant(d + 1, in.value2);
      code.seal();
      return;
    }
    if (op.immediate() == Immediate.MEMARG || op.immediate() == Immediate.MEMARG_LANE) {
      vectorAccess(op);
      return;
    }
    String signature = op.signature();
    int form = Ops.SLOTS[op.ordinal()];
    int arity = signature.indexOf(':');
    int c = arity > 2 ? pop() : 0;
    int b = arity > 1 ? pop() : 0;
    int a = pop();
    boolean vector = signature.endsWith("v");
    int d = operands.push(vector ? Operands.VECTOR : Operands.NUMBER);
    if (op.immediate() == Immediate.SHUFFLE) {
      code.emitShuffle(form, d, a, b, in.value, in.value2);
    } else if (op.immediate() == Immediate.LANE) {
      if (arity == 1) {
        code.emit(form, d, a, in.index);
      } else {
        code.emit(form, d, a, b, in.index);
      }
    } else if (arity == 1) {
      code.emit(form, d, a);
    } else if (arity == 2) {
      code.emit(form, d, a, b);
    } else {
      code.emit(form, d, a, b, c);
    }
  }

  private void vectorAccess(Opcode op) {
    boolean store = op.signature().endsWith(":");
    boolean lane = op.immediate() == Immediate.MEMARG_LANE;
    int b = store || lane ? pop() : 0;
    int a = pop();
    int d = store ? 0 : operands.push(Operands.VECTOR);
    code.emit(
        new VectorNodes.Access(op, d, in.index, wideMemory(in.index), a, b, in.index2, in.offset));
  }
}
