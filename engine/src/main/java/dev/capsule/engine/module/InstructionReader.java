package dev.capsule.engine.module;

import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;

/**
 * Reads instructions one after the other from a {@link CodeSlice} (spec 5.4). {@link #next} decodes
 * one instruction with its immediates into the public fields below; nothing is allocated per
 * instruction except lists of labels, types and catch clauses. Every consumer of code — validator,
 * lowering, compiler, printer — reads through it, so malformed code is told apart in one place.
 */
public final class InstructionReader extends ByteReader {
  /** The instruction just read. */
  public Opcode opcode;

  /** Position in the array where the instruction starts. */
  public int start;

  /**
   * The first index or number: label, function, type, local, global, table, memory (of an access
   * too), segment, lane, field's struct type, or {@code i32.const}'s value.
   */
  public int index;

  /**
   * The second index: table of {@code call_indirect} and {@code table.init}, memory of {@code
   * memory.init}, source of a copy, field, count, segment of {@code array.*}, lane of a memory
   * access.
   */
  public int index2;

  /**
   * {@code i64.const}, bits of {@code f64.const} and (low half) {@code f32.const}; v128 low half.
   */
  public long value;

  /** High half of {@code v128.const} or of the shuffle lanes (whose low half is {@link #value}). */
  public long value2;

  /** Static offset of a memory access, unsigned. */
  public long offset;

  /** Binary logarithm of the alignment hint of a memory access. */
  public int align;

  /** {@code br_table}: labels, the default last. */
  public int[] labels;

  /** Block type: the type index, or -1 where the block has no parameters. */
  public int blockType;

  /** Block type: the single result where {@link #blockType} is -1; null for none. */
  public ValType blockResult;

  /** {@code select t*}: the types. */
  public ValType[] types;

  /**
   * {@code ref.null}, {@code ref.test}, {@code ref.cast}: the heap type; source of {@code
   * br_on_cast}.
   */
  public HeapType heap;

  /** {@code br_on_cast}: the target. */
  public RefType castTo;

  /** {@code br_on_cast}: the source. */
  public RefType castFrom;

  /** {@code try_table}: the clauses. */
  public CatchClause[] catches;

  /** A clause of {@code try_table}; {@code tag} is -1 for the clauses that catch everything. */
  public record CatchClause(int tag, boolean ref, int label) {}

  /**
   * Reads {@code code} without knowing its module: type references stay {@link UnknownType}s with
   * their index.
   */
  public InstructionReader(CodeSlice code) {
    super(code.bytes(), code.start(), code.end(), code.base(), UnknownType::new);
  }

  /** Reads {@code code}, whose type references mean {@code module}'s types. */
  public InstructionReader(Module module, CodeSlice code) {
    super(code.bytes(), code.start(), code.end(), code.base(), module::type);
  }

  /** The offset in the module's file of the instruction just read. */
  public long fileOffset() {
    return base + (long) start;
  }

  /**
   * Reads the next instruction.
   *
   * @throws MalformedException if the bytes are no instruction or end inside it
   */
  public void next() {
    start = position;
    int code = byteU();
    Opcode op;
    if (Opcode.isPrefix(code)) {
      int sub = u32();
      op = Opcode.of(code, sub);
      if (op == null) {
        throw malformed("illegal opcode " + hex(code) + " " + hex(sub), start);
      }
    } else {
      op = Opcode.of(0, code);
      if (op == null) {
        throw malformed("illegal opcode " + hex(code), start);
      }
    }
    opcode = op;
    switch (op.immediate()) {
      case NONE -> {}
      case BLOCK -> blockType();
      case LABEL, FUNC, TYPE, TAG, LOCAL, GLOBAL, TABLE, ELEM, DATA, MEMORY -> index = u32();
      case BR_TABLE -> brTable();
      case TYPE_TABLE,
          TABLE_TABLE,
          ELEM_TABLE,
          MEMORY_MEMORY,
          DATA_MEMORY,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEM,
          TYPE_TYPE -> {
        index = u32();
        index2 = u32();
      }
      case MEMARG -> memarg();
      case MEMARG_LANE -> {
        memarg();
        index2 = byteU();
      }
      case LANE -> index = byteU();
      case SHUFFLE, V128 -> {
        value = fixed64();
        value2 = fixed64();
      }
      case I32 -> {
        index = s32();
        value = index;
      }
      case I64 -> value = s64();
      case F32 -> value = fixed32() & 0xFFFFFFFFL;
      case F64 -> value = fixed64();
      case HEAP -> heap = heapType();
      case SELECT -> selectTypes();
      case BR_ON_CAST -> brOnCast();
      case TRY_TABLE -> {
        blockType();
        catches();
      }
      case FENCE -> {
        if (byteU() != 0) {
          throw malformed("zero byte expected", position - 1);
        }
      }
    }
  }

  private void blockType() {
    int code = peek();
    blockResult = null;
    blockType = -1;
    if (code == 0x40) {
      position++;
    } else if ((code & 0xC0) == 0x40) {
      blockResult = valType();
    } else {
      long index = s33();
      if (index < 0) {
        throw malformed("invalid block type", start);
      }
      // A type index beyond any list of types stays one, instead of turning negative.
      blockType = (int) Math.min(index, Integer.MAX_VALUE);
    }
  }

  private void brTable() {
    int count = count();
    labels = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      labels[i] = u32();
    }
  }

  private void memarg() {
    int at = position;
    int flags = u32();
    index = 0;
    if ((flags & 0x40) != 0) {
      flags &= ~0x40;
      index = u32();
    }
    if (Integer.compareUnsigned(flags, 0x40) >= 0) {
      throw malformed("malformed memop flags", at);
    }
    align = flags;
    offset = u64();
  }

  private void selectTypes() {
    int count = count();
    types = new ValType[count];
    for (int i = 0; i < count; i++) {
      types[i] = valType();
    }
  }

  private void brOnCast() {
    int flags = byteU();
    if (flags > 3) {
      throw malformed("malformed br_on_cast flags", position - 1);
    }
    index = u32();
    castFrom = new RefType((flags & 1) != 0, heapType());
    castTo = new RefType((flags & 2) != 0, heapType());
  }

  private void catches() {
    int count = count();
    catches = new CatchClause[count];
    for (int i = 0; i < count; i++) {
      int kind = byteU();
      if (kind > 3) {
        throw malformed("malformed catch clause", position - 1);
      }
      int tag = kind < 2 ? u32() : -1;
      catches[i] = new CatchClause(tag, (kind & 1) != 0, u32());
    }
  }

  private static String hex(int code) {
    return Integer.toHexString(code);
  }
}
