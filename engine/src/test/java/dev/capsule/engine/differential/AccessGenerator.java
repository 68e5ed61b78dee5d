package dev.capsule.engine.differential;

import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Instructions that read or write memories and tables; most accesses are in bounds. */
final class AccessGenerator {
  private static final long[] OFFSETS = {
    1, 8, 0xFFFF, 0x10000, 0x7FFFFFF0L, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFF8L, 0xFFFFFFFFL
  };

  private final FunctionGenerator g;
  private final Choices choices;

  AccessGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  /** A constant address or length. */
  static void address(Code code, AddressType type, long value) {
    if (type == AddressType.I64) {
      code.i64(value);
    } else {
      code.i32((int) value);
    }
  }

  /**
   * Something with a static offset, or one of the bulk instructions with a fixed signature; there
   * must be a memory.
   */
  void access(Opcode op) {
    int memory = choices.below(g.env.memories.size());
    switch (op) {
      case MEMORY_FILL -> fill(memory);
      case MEMORY_INIT -> init(memory);
      default -> access(op, memory);
    }
  }

  private void access(Opcode op, int memory) {
    boolean atomic = op.immediate() == Immediate.MEMARG && Family.of(op) == Family.ATOMIC;
    int log2 = op.align();
    long offset = address(memory, log2, atomic);
    String signature = op.signature();
    boolean waits = op == Opcode.MEMORY_ATOMIC_WAIT32 || op == Opcode.MEMORY_ATOMIC_WAIT64;
    int operands = signature.indexOf(':') - (waits ? 1 : 0);
    for (int i = 1; i < operands; i++) {
      if (waits && choices.chance(50)) {
        g.simplest(NumberGenerator.type(signature.charAt(i)));
        g.height++;
      } else {
        g.value(NumberGenerator.type(signature.charAt(i)));
      }
    }
    if (waits) {
      // Nobody will wake it up, so the time is short.
      g.code.i64(choices.below(2) * 1000L);
    }
    g.emit(op);
    int align = atomic ? log2 : choices.below(log2 + 1);
    g.code.u32(align | (memory != 0 ? 0x40 : 0));
    if (memory != 0) {
      g.code.u32(memory);
    }
    g.code.u64(offset);
    if (op.immediate() == Immediate.MEMARG_LANE) {
      g.code.u8(choices.below(NumberGenerator.lanes(op)));
    }
  }

  /**
   * Pushes an address.
   *
   * @return the static offset to go with it
   */
  private long address(int memory, int log2, boolean atomic) {
    MemoryType type = g.env.memories.get(memory);
    ValType address = type.address().valType();
    long bytes = g.env.bytes(type);
    long mask = Long.highestOneBit(Math.max(1, bytes / 2)) - 1;
    boolean aligned = atomic && !choices.chance(5);
    int low = aligned ? (1 << log2) - 1 : 0;
    switch (choices.weighted(75, 12, 5, 3, 5)) {
      case 0 -> {
        g.value(address);
        address(g.code, type.address(), mask & ~low);
        g.emit(address == NumType.I32 ? Opcode.I32_AND : Opcode.I64_AND);
        g.budget--;
        return choices.chance(40)
            ? 0
            : choices.below((int) Math.max(1, Math.min(64, bytes / 4))) & ~low;
      }
      case 1 -> {
        address(g.code, type.address(), choices.below((int) Math.max(1, bytes - 16)) & ~low);
        g.height++;
        return 0;
      }
      case 2 -> {
        long end = bytes - choices.below(20);
        long offset = choices.chance(50) ? 0 : Math.max(0, bytes - 40);
        address(g.code, type.address(), end - offset & ~low);
        g.height++;
        return offset;
      }
      case 3 -> {
        address(g.code, type.address(), -1 - choices.below(17) & ~low);
        g.height++;
        return choices.below(32) & ~low;
      }
      default -> {
        g.value(address);
        long offset = OFFSETS[choices.below(OFFSETS.length)];
        return type.address() == AddressType.I64 && choices.chance(30) ? offset << 31 : offset;
      }
    }
  }

  /** An address and, elsewhere, a length such that they mostly fit. */
  private void start(AddressType type, long size) {
    if (choices.chance(90)) {
      address(g.code, type, choices.below((int) Math.max(1, size - size / 4)));
      g.height++;
    } else {
      g.value(type.valType());
    }
  }

  private void length(AddressType type, long size) {
    switch (choices.weighted(60, 30, 5, 5)) {
      case 0 -> address(g.code, type, choices.below((int) Math.max(1, size / 4)));
      case 1 -> {
        int mask = (int) Long.highestOneBit(Math.max(1, size / 4)) - 1;
        if (type == AddressType.I32) {
          g.small(mask);
        } else {
          g.small(mask);
          g.emit(Opcode.I64_EXTEND_I32_U);
        }
      }
      case 2 -> address(g.code, type, size + choices.below(3) - 1);
      default -> g.value(type.valType());
    }
  }

  private void fill(int memory) {
    MemoryType type = g.env.memories.get(memory);
    start(type.address(), g.env.bytes(type));
    g.value(NumType.I32);
    length(type.address(), g.env.bytes(type));
    g.emit(Opcode.MEMORY_FILL, memory);
  }

  private void init(int memory) {
    if (g.env.dataSizes.isEmpty()) {
      fill(memory);
      return;
    }
    MemoryType type = g.env.memories.get(memory);
    int data = choices.below(g.env.dataSizes.size());
    int size = g.env.dataSizes.get(data);
    start(type.address(), g.env.bytes(type));
    start(AddressType.I32, size);
    length(AddressType.I32, size);
    g.emit(Opcode.MEMORY_INIT, data);
    g.code.u32(memory);
  }

  /** {@code memory.copy} and the instructions on tables. */
  void bulk() {
    boolean memories = !g.env.memories.isEmpty();
    if (memories && (g.env.tables.isEmpty() || choices.chance(50))) {
      copyMemory();
    } else if (!g.env.tables.isEmpty()) {
      table();
    }
  }

  private void copyMemory() {
    int to = choices.below(g.env.memories.size());
    int from = choices.below(g.env.memories.size());
    MemoryType target = g.env.memories.get(to);
    MemoryType source = g.env.memories.get(from);
    start(target.address(), g.env.bytes(target));
    start(source.address(), g.env.bytes(source));
    length(smaller(target.address(), source.address()), g.env.bytes(source));
    g.emit(Opcode.MEMORY_COPY, to);
    g.code.u32(from);
  }

  private static AddressType smaller(AddressType a, AddressType b) {
    return a == AddressType.I64 ? b : a;
  }

  private void table() {
    int table = choices.below(g.env.tables.size());
    TableType type = g.env.tables.get(table);
    long size = type.limits().min();
    switch (choices.below(4)) {
      case 0 -> {
        start(type.address(), size);
        g.value(type.element());
        g.emit(Opcode.TABLE_SET, table);
      }
      case 1 -> {
        start(type.address(), size);
        g.value(type.element());
        length(type.address(), size);
        g.emit(Opcode.TABLE_FILL, table);
      }
      case 2 -> copyTable(table);
      default -> initTable(table);
    }
  }

  private void copyTable(int to) {
    TableType target = g.env.tables.get(to);
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < g.env.tables.size(); i++) {
      if (Subtyping.matches(g.env.tables.get(i).element(), target.element())) {
        fitting.add(i);
      }
    }
    int from = choices.pick(fitting);
    TableType source = g.env.tables.get(from);
    start(target.address(), target.limits().min());
    start(source.address(), source.limits().min());
    length(smaller(target.address(), source.address()), source.limits().min());
    g.emit(Opcode.TABLE_COPY, to);
    g.code.u32(from);
  }

  private void initTable(int table) {
    TableType target = g.env.tables.get(table);
    int elem = elem(target.element());
    if (elem < 0) {
      return;
    }
    start(target.address(), target.limits().min());
    start(AddressType.I32, g.env.elemSizes.get(elem));
    length(AddressType.I32, g.env.elemSizes.get(elem));
    g.emit(Opcode.TABLE_INIT, elem);
    g.code.u32(table);
  }

  /** An element segment whose elements are of a type, or -1. */
  int elem(RefType type) {
    int count = g.env.elems.size();
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int at = (start + i) % count;
      if (Subtyping.matches(g.env.elems.get(at), type)) {
        return at;
      }
    }
    return -1;
  }

  /** A reference out of a table, if one holds such; else nothing is written. */
  boolean get(RefType type) {
    for (int i = 0; i < g.env.tables.size(); i++) {
      TableType table = g.env.tables.get(i);
      if (Subtyping.matches(table.element(), type)) {
        start(table.address(), table.limits().min());
        g.emit(Opcode.TABLE_GET, i);
        return true;
      }
    }
    return false;
  }
}
