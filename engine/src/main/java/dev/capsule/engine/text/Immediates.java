package dev.capsule.engine.text;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.List;
import java.util.OptionalLong;

/** Parses what follows an instruction's name (spec 6.5) and assembles it to binary code (5.4). */
final class Immediates {
  private final Cursor in;
  private final ModuleScope scope;
  private final TypeParser types;
  private final Labels labels;
  private IndexSpace locals;

  Immediates(Cursor in, ModuleScope scope, TypeParser types, Labels labels) {
    this.in = in;
    this.scope = scope;
    this.types = types;
    this.labels = labels;
  }

  /** Starts a function whose parameters and locals are {@code locals}. */
  void enter(IndexSpace locals) {
    this.locals = locals;
  }

  /** Writes the opcode and immediates of an instruction whose name has been read. */
  void assemble(Opcode named, CodeBuffer out) {
    switch (named) {
      case SELECT -> select(out);
      case REF_TEST -> typeTest(Opcode.REF_TEST, Opcode.REF_TEST_NULL, out);
      case REF_CAST -> typeTest(Opcode.REF_CAST, Opcode.REF_CAST_NULL, out);
      default -> {
        out.opcode(named);
        immediate(named, out);
      }
    }
  }

  private void immediate(Opcode op, CodeBuffer out) {
    switch (op.immediate()) {
      case NONE -> {}
      case LABEL -> out.u32(labels.index(in));
      case BR_TABLE -> brTable(out);
      case FUNC -> out.u32(scope.funcs.index(in));
      case TYPE -> out.u32(scope.types.index(in));
      case TYPE_TABLE -> {
        int table = optional(scope.tables);
        out.u32(types.typeUse(null));
        out.u32(table);
      }
      case TAG -> out.u32(scope.tags.index(in));
      case LOCAL -> out.u32(locals.index(in));
      case GLOBAL -> out.u32(scope.globals.index(in));
      case TABLE -> out.u32(optional(scope.tables));
      case TABLE_TABLE -> pair(scope.tables, out);
      case ELEM_TABLE -> segment(scope.tables, scope.elems, out);
      case ELEM -> out.u32(scope.elems.index(in));
      case DATA -> out.u32(data());
      case MEMORY -> out.u32(optional(scope.memories));
      case MEMORY_MEMORY -> pair(scope.memories, out);
      case DATA_MEMORY -> {
        scope.usesDataIndex = true;
        segment(scope.memories, scope.datas, out);
      }
      case MEMARG -> memarg(op, optional(scope.memories), out);
      case MEMARG_LANE -> {
        memarg(op, in.isIndex() && !onlyLane() ? scope.memories.index(in) : 0, out);
        out.u8(lane());
      }
      case LANE -> out.u8(lane());
      case SHUFFLE -> shuffle(out);
      case I32 -> out.signed(in.integer(32));
      case I64 -> out.signed(in.integer(64));
      case F32 -> out.fixed32(in.float32());
      case F64 -> out.fixed64(in.float64());
      case V128 -> VectorLiteral.parse(in, out);
      case HEAP -> out.heapType(types.heapType());
      case TYPE_FIELD -> field(out);
      case TYPE_COUNT -> {
        out.u32(scope.types.index(in));
        out.u32(in.u32());
      }
      case TYPE_DATA -> {
        out.u32(scope.types.index(in));
        out.u32(data());
      }
      case TYPE_ELEM -> {
        out.u32(scope.types.index(in));
        out.u32(scope.elems.index(in));
      }
      case TYPE_TYPE -> {
        out.u32(scope.types.index(in));
        out.u32(scope.types.index(in));
      }
      case BR_ON_CAST -> brOnCast(out);
      case BLOCK -> blockType(out);
      case TRY_TABLE -> {
        blockType(out);
        catches(out);
      }
      case FENCE -> out.u8(0);
      case SELECT -> throw new AssertionError(op);
    }
  }

  private int data() {
    scope.usesDataIndex = true;
    return scope.datas.index(in);
  }

  private int optional(IndexSpace space) {
    return in.isIndex() ? space.index(in) : 0;
  }

  private void pair(IndexSpace space, CodeBuffer out) {
    if (in.isIndex()) {
      out.u32(space.index(in));
      out.u32(space.index(in));
    } else {
      out.u32(0);
      out.u32(0);
    }
  }

  /** Text: optional container, segment. Binary: segment, container. */
  private void segment(IndexSpace containers, IndexSpace segments, CodeBuffer out) {
    byte next = in.tokens().kind(in.position() + 1);
    boolean both = in.isIndex() && (next == Tokens.NAT || next == Tokens.ID);
    int container = both ? containers.index(in) : 0;
    out.u32(segments.index(in));
    out.u32(container);
  }

  private void brTable(CodeBuffer out) {
    CodeBuffer targets = new CodeBuffer();
    int count = 0;
    do {
      targets.u32(labels.index(in));
      count++;
    } while (in.isIndex());
    out.u32(count - 1);
    out.bytes(targets.toByteArray());
  }

  private void select(CodeBuffer out) {
    if (!in.isOpen("result")) {
      out.opcode(Opcode.SELECT);
      return;
    }
    List<ValType> results = types.results();
    out.opcode(Opcode.SELECT_T);
    out.u32(results.size());
    results.forEach(out::valType);
  }

  private void typeTest(Opcode plain, Opcode nullable, CodeBuffer out) {
    RefType type = types.refType();
    out.opcode(type.nullable() ? nullable : plain);
    out.heapType(type.heap());
  }

  private void brOnCast(CodeBuffer out) {
    int label = labels.index(in);
    RefType from = types.refType();
    RefType to = types.refType();
    out.u8((from.nullable() ? 1 : 0) | (to.nullable() ? 2 : 0));
    out.u32(label);
    out.heapType(from.heap());
    out.heapType(to.heap());
  }

  private void field(CodeBuffer out) {
    int type = scope.types.index(in);
    out.u32(type);
    out.u32(scope.fields.getOrDefault(type, new IndexSpace("field")).index(in));
  }

  /** Parses and writes a block type (spec 6.5.1): short where it needs no type index. */
  void blockType(CodeBuffer out) {
    if (in.isOpen("type")) {
      out.signed(types.typeUse(null) & 0xFFFFFFFFL);
      return;
    }
    FuncType type = types.funcType(null);
    if (!type.params().isEmpty() || type.results().size() > 1) {
      out.signed(scope.typeIndex(scope.resolve(type)));
    } else if (type.results().isEmpty()) {
      out.u8(0x40);
    } else {
      out.valType(type.results().get(0));
    }
  }

  private void catches(CodeBuffer out) {
    CodeBuffer clauses = new CodeBuffer();
    int count = 0;
    while (in.is(Tokens.LPAR) && in.isAhead(1, Tokens.KEYWORD)) {
      int kind =
          switch (in.tokens().text(in.position() + 1)) {
            case "catch" -> 0;
            case "catch_ref" -> 1;
            case "catch_all" -> 2;
            case "catch_all_ref" -> 3;
            default -> -1;
          };
      if (kind < 0) {
        break;
      }
      in.advance();
      in.advance();
      clauses.u8(kind);
      if (kind < 2) {
        clauses.u32(scope.tags.index(in));
      }
      clauses.u32(labels.index(in));
      in.close();
      count++;
    }
    out.u32(count);
    out.bytes(clauses.toByteArray());
  }

  /** Whether the index here is a lane, because nothing that could be one follows. */
  private boolean onlyLane() {
    byte next = in.tokens().kind(in.position() + 1);
    boolean more =
        next == Tokens.NAT
            || next == Tokens.INT
            || next == Tokens.KEYWORD && isAccessOption(in.tokens().text(in.position() + 1));
    return in.is(Tokens.NAT) && !more;
  }

  private static boolean isAccessOption(String word) {
    return word.startsWith("offset=") || word.startsWith("align=");
  }

  private void memarg(Opcode op, int memory, CodeBuffer out) {
    long offset = 0;
    int align = op.align();
    if (in.is(Tokens.KEYWORD) && in.text().startsWith("offset=")) {
      offset = option("offset=", "i64 constant out of range");
    }
    if (in.is(Tokens.KEYWORD) && in.text().startsWith("align=")) {
      int token = in.position();
      long bytes = option("align=", "alignment must be a power of two");
      if (Long.bitCount(bytes) != 1) {
        throw in.tokens().error(token, "alignment must be a power of two");
      }
      align = Long.numberOfTrailingZeros(bytes);
    }
    // From here on the binary format has no code for it; no access is that wide.
    if (align >= 64) {
      throw in.error("alignment must not be larger than natural");
    }
    out.u32(memory == 0 ? align : align | 0x40);
    if (memory != 0) {
      out.u32(memory);
    }
    out.u64(offset);
  }

  private long option(String prefix, String outOfRange) {
    String number = in.text().substring(prefix.length());
    byte[] bytes = Utf8.encode(number);
    if (bytes.length == 0 || Numbers.kind(bytes, 0, bytes.length) != Tokens.NAT) {
      throw in.error("unknown operator " + in.text());
    }
    OptionalLong value = Numbers.unsigned(number);
    if (value.isEmpty()) {
      throw in.error(outOfRange);
    }
    in.advance();
    return value.getAsLong();
  }

  private int lane() {
    if (!in.is(Tokens.NAT)) {
      throw in.unexpected();
    }
    OptionalLong value = Numbers.unsigned(in.text());
    if (value.isEmpty() || value.getAsLong() >>> 8 != 0) {
      throw in.error("i8 constant out of range");
    }
    in.advance();
    return (int) value.getAsLong();
  }

  private void shuffle(CodeBuffer out) {
    for (int i = 0; i < 16; i++) {
      if (in.is(Tokens.INT) || in.is(Tokens.FLOAT)) {
        throw in.error("i8 constant out of range");
      }
      if (!in.is(Tokens.NAT)) {
        throw in.error("invalid lane length");
      }
      out.u8(lane());
    }
    if (in.is(Tokens.NAT)) {
      throw in.error("invalid lane length");
    }
  }
}
