package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ArrayOps;
import dev.capsule.engine.exec.AtomicOps;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.GlobalInstance;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.exec.MemoryOps;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.Numeric;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.exec.StructOps;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.ValType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The instructions of {@link ReferenceFrame} that only compute and access. */
final class ReferenceData {
  private final ReferenceFrame frame;
  private final Values values;
  private final ModuleInstance in;
  private final InstructionReader reader;
  private final ExecStore store;

  ReferenceData(ReferenceFrame frame, ExecStore store) {
    this.frame = frame;
    this.values = frame.values;
    this.in = frame.in;
    this.reader = frame.reader;
    this.store = store;
  }

  private long address(AddressType type) {
    return type == AddressType.I64 ? values.pop() : values.pop() & 0xFFFFFFFFL;
  }

  private AddressType memory(int index) {
    return in.module.memory(index).address();
  }

  private AddressType table(int index) {
    return in.module.table(index).address();
  }

  private static AddressType least(AddressType a, AddressType b) {
    return a == AddressType.I32 ? a : b;
  }

  void step(Opcode op) {
    if (op.prefix() == 0xFD) {
      vector(op);
    } else if (op.prefix() == 0xFE) {
      atomic(op);
    } else if (op.prefix() == 0xFB) {
      aggregate(op);
    } else if (op.immediate() == Immediate.MEMARG) {
      access(op);
    } else {
      plain(op);
    }
  }

  private void plain(Opcode op) {
    int index = reader.index;
    switch (op) {
      case DROP -> values.count--;
      case SELECT, SELECT_T -> {
        int first = values.i32();
        values.count -= 2;
        values.copy(values, first != 0 ? values.count : values.count + 1);
      }
      case LOCAL_GET -> values.copy(frame.locals, index);
      case LOCAL_SET, LOCAL_TEE -> {
        int top = values.count - 1;
        frame.locals.low[index] = values.low[top];
        frame.locals.high[index] = values.high[top];
        frame.locals.refs[index] = values.refs[top];
        values.count -= op == Opcode.LOCAL_SET ? 1 : 0;
      }
      case GLOBAL_GET -> {
        GlobalInstance global = in.globals[index];
        values.push(global.bits, global.high, global.ref);
      }
      case GLOBAL_SET -> {
        int top = --values.count;
        in.globals[index].bits = values.low[top];
        in.globals[index].high = values.high[top];
        in.globals[index].ref = values.refs[top];
      }
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> values.number(reader.value);
      case MEMORY_SIZE -> values.number(in.memories[index].pages());
      case MEMORY_GROW ->
          values.number(MemoryOps.grow(store, in.memories[index], address(memory(index))));
      case TABLE_GET -> values.ref(TableOps.get(in.tables[index], address(table(index))));
      case TABLE_SET -> {
        Object value = values.popRef();
        TableOps.set(in.tables[index], address(table(index)), value);
      }
      case REF_NULL -> values.ref(null);
      case REF_IS_NULL -> values.number(values.popRef() == null ? 1 : 0);
      case REF_FUNC -> values.ref(in.func(index));
      case REF_EQ -> values.number(References.same(values.popRef(), values.popRef()) ? 1 : 0);
      case REF_AS_NON_NULL -> {
        if (values.refs[values.count - 1] == null) {
          throw new Trap(TrapKind.NULL_REFERENCE);
        }
      }
      default -> {
        if (op.signature() != null && op.signature().matches("[ilfd]{1,2}:[ilfd]")) {
          long b = op.signature().indexOf(':') == 2 ? values.pop() : 0;
          values.number(Operation.numeric(op, values.pop(), b));
        } else {
          bulk(op);
        }
      }
    }
  }

  private void bulk(Opcode op) {
    int index = reader.index;
    int index2 = reader.index2;
    switch (op) {
      case DATA_DROP -> MemoryOps.drop(in, index);
      case ELEM_DROP -> TableOps.drop(in, index);
      case TABLE_SIZE -> values.number(in.tables[index].size());
      case TABLE_GROW -> {
        long delta = address(table(index));
        values.number(TableOps.grow(store, in.tables[index], values.popRef(), delta));
      }
      case MEMORY_INIT -> {
        int length = values.i32();
        int from = values.i32();
        MemoryOps.init(in, index, in.memories[index2], address(memory(index2)), from, length);
      }
      case TABLE_INIT -> {
        int length = values.i32();
        int from = values.i32();
        TableOps.init(in, index, in.tables[index2], address(table(index2)), from, length);
      }
      case MEMORY_FILL -> {
        long length = address(memory(index));
        int value = values.i32();
        MemoryOps.fill(store, in.memories[index], address(memory(index)), value, length);
      }
      case TABLE_FILL -> {
        long length = address(table(index));
        Object value = values.popRef();
        TableOps.fill(store, in.tables[index], address(table(index)), value, length);
      }
      case MEMORY_COPY -> {
        long length = address(least(memory(index), memory(index2)));
        long from = address(memory(index2));
        long to = address(memory(index));
        MemoryOps.copy(store, in.memories[index], to, in.memories[index2], from, length);
      }
      case TABLE_COPY -> {
        long length = address(least(table(index), table(index2)));
        long from = address(table(index2));
        long to = address(table(index));
        TableOps.copy(store, in.tables[index], to, in.tables[index2], from, length);
      }
      case I64_ADD128, I64_SUB128 -> {
        long bHigh = values.pop();
        long b = values.pop();
        long aHigh = values.pop();
        long a = values.pop();
        boolean plus = op == Opcode.I64_ADD128;
        values.number(plus ? a + b : a - b);
        values.number(
            plus ? aHigh + bHigh + Numeric.carry(a, b) : aHigh - bHigh - Numeric.borrow(a, b));
      }
      case I64_MUL_WIDE_S, I64_MUL_WIDE_U -> {
        long b = values.pop();
        long a = values.pop();
        values.number(a * b);
        values.number(
            op == Opcode.I64_MUL_WIDE_S ? Numeric.i64MulWideS(a, b) : Numeric.i64MulWideU(a, b));
      }
      default -> throw new AssertionError(op);
    }
  }

  // Memory.

  private void access(Opcode op) {
    LinearMemory memory = in.memories[reader.index];
    if (op.signature().endsWith(":")) {
      long value = values.pop();
      long at = LinearMemory.effective(address(memory(reader.index)), reader.offset);
      switch (op.align()) {
        case 0 -> memory.putByte(at, (byte) value);
        case 1 -> memory.putShort(at, (short) value);
        case 2 -> memory.putInt(at, (int) value);
        default -> memory.putLong(at, value);
      }
      return;
    }
    long at = LinearMemory.effective(address(memory(reader.index)), reader.offset);
    boolean unsigned = op.mnemonic().endsWith("_u");
    values.number(
        switch (op.align()) {
          case 0 -> unsigned ? memory.getByte(at) & 0xFF : memory.getByte(at);
          case 1 -> unsigned ? memory.getShort(at) & 0xFFFF : memory.getShort(at);
          case 2 -> unsigned ? memory.getInt(at) & 0xFFFFFFFFL : memory.getInt(at);
          default -> memory.getLong(at);
        });
  }

  private void atomic(Opcode op) {
    if (op == Opcode.ATOMIC_FENCE) {
      return;
    }
    String signature = op.signature();
    int operands = signature.indexOf(':') - 1;
    long second = operands > 1 ? values.pop() : 0;
    long first = operands > 0 ? values.pop() : 0;
    LinearMemory memory = in.memories[reader.index];
    long at = LinearMemory.effective(address(memory(reader.index)), reader.offset);
    int log2 = op.align();
    boolean narrow = signature.charAt(1) == 'i';
    if (op == Opcode.MEMORY_ATOMIC_NOTIFY) {
      values.number(AtomicOps.wake(memory, at, (int) first));
    } else if (op == Opcode.MEMORY_ATOMIC_WAIT32 || op == Opcode.MEMORY_ATOMIC_WAIT64) {
      values.number(AtomicOps.await(store, memory, log2, at, first, second));
    } else if (operands == 0) {
      values.number(AtomicOps.load(memory, log2, at));
    } else if (operands == 2) {
      long expected = narrow ? first & 0xFFFFFFFFL : first;
      values.number(AtomicOps.cmpxchg(memory, log2, at, expected, second));
    } else if (signature.endsWith(":")) {
      AtomicOps.store(memory, log2, at, first);
    } else {
      String action = op.mnemonic().split("\\.")[3].split("_")[0].toUpperCase(Locale.ROOT);
      values.number(AtomicOps.rmw(memory, AtomicOps.Rmw.valueOf(action), log2, at, first));
    }
  }

  // Vectors.

  private void vector(Opcode op) {
    if (op == Opcode.V128_CONST) {
      values.push(reader.value, reader.value2, null);
      return;
    }
    if (op.immediate() == Immediate.MEMARG || op.immediate() == Immediate.MEMARG_LANE) {
      vectorAccess(op);
      return;
    }
    String signature = op.signature();
    int arity = signature.indexOf(':');
    long[] halves = new long[2 * arity];
    for (int i = arity - 1; i >= 0; i--) {
      halves[2 * i] = values.pop();
      halves[2 * i + 1] = values.high[values.count];
    }
    long[] result = Operation.vector(op, halves, reader.index, reader.value, reader.value2);
    values.push(result[0], result.length > 1 ? result[1] : 0, null);
  }

  private void vectorAccess(Opcode op) {
    boolean isStore = op.signature().endsWith(":");
    boolean hasVector = isStore || op.immediate() == Immediate.MEMARG_LANE;
    long low = hasVector ? values.pop() : 0;
    long high = hasVector ? values.high[values.count] : 0;
    LinearMemory memory = in.memories[reader.index];
    long at = LinearMemory.effective(address(memory(reader.index)), reader.offset);
    int size = 1 << op.align();
    byte[] bytes = new byte[16];
    for (int i = 0; i < 16; i++) {
      bytes[i] = (byte) ((i < 8 ? low : high) >>> 8 * (i & 7));
    }
    int from = op.immediate() == Immediate.MEMARG_LANE ? reader.index2 * size : 0;
    if (isStore) {
      memory.write(at, bytes, from, size);
      return;
    }
    memory.read(at, bytes, from, size);
    String name = op.mnemonic();
    if (name.endsWith("_splat")) {
      for (int i = size; i < 16; i++) {
        bytes[i] = bytes[i - size];
      }
    } else if (name.matches(".*load(8x8|16x4|32x2)_[su]")) {
      int width = name.contains("8x8") ? 1 : name.contains("16x4") ? 2 : 4;
      byte[] wide = new byte[16];
      for (int i = 0; i < 16; i++) {
        int lane = i / (2 * width);
        int inLane = i % (2 * width);
        byte sign = (byte) (bytes[lane * width + width - 1] >> 7);
        byte filler = name.endsWith("_s") ? sign : 0;
        wide[i] = inLane < width ? bytes[lane * width + inLane] : filler;
      }
      bytes = wide;
    }
    long[] halves = new long[2];
    for (int i = 0; i < 16; i++) {
      halves[i / 8] |= (bytes[i] & 0xFFL) << 8 * (i & 7);
    }
    values.push(halves[0], halves[1], null);
  }

  // Aggregates.

  private void aggregate(Opcode op) {
    switch (op) {
      case REF_TEST, REF_TEST_NULL -> {
        RefType type = new RefType(op == Opcode.REF_TEST_NULL, reader.heap);
        values.number(References.test(values.popRef(), type) ? 1 : 0);
      }
      case REF_CAST, REF_CAST_NULL -> {
        RefType type = new RefType(op == Opcode.REF_CAST_NULL, reader.heap);
        if (!References.test(values.refs[values.count - 1], type)) {
          throw new Trap(TrapKind.CAST_FAILURE);
        }
      }
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      case REF_I31 -> values.ref(I31.of(values.i32()));
      case I31_GET_S, I31_GET_U -> {
        I31 number = (I31) values.popRef();
        if (number == null) {
          throw new Trap(TrapKind.NULL_I31);
        }
        values.number(op == Opcode.I31_GET_S ? number.value() : number.unsigned());
      }
      case STRUCT_NEW, STRUCT_NEW_DEFAULT, STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U, STRUCT_SET ->
          struct(op, in.code.layout(reader.index));
      case ARRAY_LEN -> values.number(ArrayOps.length(values.popRef()));
      default -> array(op, in.module.defType(reader.index));
    }
  }

  private void struct(Opcode op, StructLayout layout) {
    int field = reader.index2;
    switch (op) {
      case STRUCT_NEW -> {
        long[] slots = new long[layout.operands];
        Object[] refs = new Object[layout.operands];
        List<ValType> types =
            ((StructType) layout.type.expand())
                .fields().stream().map(f -> f.storage().unpacked()).toList();
        values.popTo(slots, refs, 0, types);
        values.ref(StructOps.create(store, layout, slots, refs, 0));
      }
      case STRUCT_NEW_DEFAULT -> values.ref(StructOps.create(store, layout));
      case STRUCT_SET -> {
        int top = --values.count;
        Object struct = values.popRef();
        int at = layout.position[field];
        switch (layout.storage[field]) {
          case REF -> StructOps.setRef(struct, at, values.refs[top]);
          case I8 -> StructOps.set(struct, at, values.low[top] & 0xFF);
          case I16 -> StructOps.set(struct, at, values.low[top] & 0xFFFF);
          case V128 -> {
            StructOps.set(struct, at, values.low[top]);
            StructOps.set(struct, at + 1, values.high[top]);
          }
          default -> StructOps.set(struct, at, values.low[top]);
        }
      }
      default -> {
        Object struct = values.popRef();
        int at = layout.position[field];
        boolean signed = op == Opcode.STRUCT_GET_S;
        switch (layout.storage[field]) {
          case REF -> values.ref(StructOps.getRef(struct, at));
          case V128 -> values.push(StructOps.get(struct, at), StructOps.get(struct, at + 1), null);
          case I8 -> values.number(extend(StructOps.get(struct, at), 8, signed));
          case I16 -> values.number(extend(StructOps.get(struct, at), 16, signed));
          default -> values.number(StructOps.get(struct, at));
        }
      }
    }
  }

  private static long extend(long value, int bits, boolean signed) {
    long shifted = value << 64 - bits;
    return signed ? shifted >> 64 - bits : shifted >>> 64 - bits;
  }

  private void array(Opcode op, DefType type) {
    switch (op) {
      case ARRAY_NEW -> {
        int length = values.i32();
        int top = --values.count;
        values.ref(
            ArrayOps.create(
                store, type, values.low[top], values.high[top], values.refs[top], length));
      }
      case ARRAY_NEW_DEFAULT -> values.ref(ArrayOps.create(store, type, values.i32()));
      case ARRAY_NEW_FIXED -> {
        int length = reader.index2;
        ValType element = ((ArrayType) type.expand()).field().storage().unpacked();
        long[] slots = new long[2 * length];
        Object[] refs = new Object[2 * length];
        values.popTo(slots, refs, 0, Collections.nCopies(length, element));
        values.ref(ArrayOps.createFixed(store, type, length, slots, refs, 0));
      }
      case ARRAY_NEW_DATA, ARRAY_NEW_ELEM -> {
        int length = values.i32();
        int from = values.i32();
        values.ref(
            op == Opcode.ARRAY_NEW_DATA
                ? ArrayOps.createFromData(in, type, reader.index2, from, length)
                : ArrayOps.createFromElem(in, type, reader.index2, from, length));
      }
      case ARRAY_FILL -> {
        int length = values.i32();
        int top = --values.count;
        int index = values.i32();
        ArrayOps.fill(
            store,
            values.popRef(),
            index,
            values.low[top],
            values.high[top],
            values.refs[top],
            length);
      }
      case ARRAY_COPY -> {
        int length = values.i32();
        int from = values.i32();
        Object source = values.popRef();
        int index = values.i32();
        ArrayOps.copy(store, values.popRef(), index, source, from, length);
      }
      case ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> {
        int length = values.i32();
        int from = values.i32();
        int index = values.i32();
        if (op == Opcode.ARRAY_INIT_DATA) {
          ArrayOps.initData(in, values.popRef(), index, reader.index2, from, length);
        } else {
          ArrayOps.initElem(in, values.popRef(), index, reader.index2, from, length);
        }
      }
      case ARRAY_SET -> {
        int top = --values.count;
        int index = values.i32();
        Object array = values.popRef();
        long value = values.low[top];
        switch (ArrayOps.storage(type)) {
          case I8 -> ArrayOps.set8(array, index, (int) value);
          case I16 -> ArrayOps.set16(array, index, (int) value);
          case BITS32 -> ArrayOps.set32(array, index, (int) value);
          case BITS64 -> ArrayOps.set64(array, index, value);
          case V128 -> ArrayOps.set128(array, index, value, values.high[top]);
          case REF -> ArrayOps.setRef(array, index, values.refs[top]);
        }
      }
      default -> {
        int index = values.i32();
        Object array = values.popRef();
        boolean signed = op == Opcode.ARRAY_GET_S;
        Storage storage = ArrayOps.storage(type);
        switch (storage) {
          case I8 -> values.number(extend(ArrayOps.get8(array, index), 8, signed));
          case I16 -> values.number(extend(ArrayOps.get16(array, index), 16, signed));
          case BITS32 -> values.number(ArrayOps.get32(array, index));
          case BITS64 -> values.number(ArrayOps.get64(array, index));
          case V128 ->
              values.push(ArrayOps.get128(array, index, 0), ArrayOps.get128(array, index, 1), null);
          case REF -> values.ref(ArrayOps.getRef(array, index));
        }
      }
    }
  }
}
