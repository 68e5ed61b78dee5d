package dev.capsule.engine.differential;

import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers and vectors: constants, variables, and every instruction whose signature is fixed. */
final class NumberGenerator {
  private static final int[] I32 = {
    0,
    1,
    2,
    -1,
    3,
    4,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    -128,
    -32768,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0x80000001,
    0x55555555
  };
  private static final long[] I64 = {
    0,
    1,
    2,
    -1,
    3,
    31,
    32,
    63,
    64,
    65,
    255,
    0xFFFF,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    -0x80000000L,
    -0x80000001L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x5555555555555555L
  };
  private static final int[] F32 = {
    0, 0x3F800000, 0x80000000, 0xBF800000, 0x7FC00000, 0xFFC00000, 0x7F800001, 0x7FA00000,
    0xFFFFFFFF, 0x7F800000, 0xFF800000, 0x00000001, 0x80000001, 0x007FFFFF, 0x7F7FFFFF, 0x3F000000,
    0x3FC00000, 0x40200000, 0xBF000000, 0x4F000000, 0x4F800000, 0xCF000000, 0x5F000000, 0x5F800000,
    0xDF000000, 0x4B000001, 0x7FC00001
  };
  private static final long[] F64 = {
    0,
    0x3FF0000000000000L,
    0x8000000000000000L,
    0xBFF0000000000000L,
    0x7FF8000000000000L,
    0xFFF8000000000000L,
    0x7FF0000000000001L,
    0x7FF4000000000000L,
    -1L,
    0x7FF0000000000000L,
    0xFFF0000000000000L,
    1,
    0x8000000000000001L,
    0x000FFFFFFFFFFFFFL,
    0x7FEFFFFFFFFFFFFFL,
    0x3FE0000000000000L,
    0x3FF8000000000000L,
    0x4004000000000000L,
    0xBFE0000000000000L,
    0x41DFFFFFFFC00000L,
    0x41E0000000000000L,
    0x41EFFFFFFFE00000L,
    0x41F0000000000000L,
    0xC1E0000000200000L,
    0xC1E0000000000000L,
    0x43E0000000000000L,
    0x43F0000000000000L,
    0xC3E0000000000000L,
    0x47EFFFFFE0000000L,
    0x36A0000000000000L,
    0x7FF8000000000001L
  };

  /** What compilers write most; pieces of it are what tiers treat specially. */
  private static final Map<ValType, List<Opcode>> COMMON =
      Map.of(
          NumType.I32,
          List.of(
              Opcode.I32_ADD,
              Opcode.I32_SUB,
              Opcode.I32_AND,
              Opcode.I32_SHL,
              Opcode.I32_SHR_U,
              Opcode.I32_MUL,
              Opcode.I32_LOAD,
              Opcode.I32_LOAD8_U,
              Opcode.I32_LOAD16_S,
              Opcode.I32_EQZ,
              Opcode.I32_EQ,
              Opcode.I32_LT_U,
              Opcode.I32_GE_S,
              Opcode.I32_OR,
              Opcode.I32_WRAP_I64),
          NumType.I64,
          List.of(
              Opcode.I64_ADD,
              Opcode.I64_SUB,
              Opcode.I64_AND,
              Opcode.I64_OR,
              Opcode.I64_SHL,
              Opcode.I64_LOAD,
              Opcode.I64_LOAD32_U,
              Opcode.I64_EXTEND_I32_U,
              Opcode.I64_MUL),
          NumType.F64,
          List.of(
              Opcode.F64_ADD,
              Opcode.F64_MUL,
              Opcode.F64_SUB,
              Opcode.F64_LOAD,
              Opcode.F64_CONVERT_I32_S),
          NumType.F32,
          List.of(Opcode.F32_ADD, Opcode.F32_MUL, Opcode.F32_LOAD),
          VecType.V128,
          List.of(Opcode.V128_LOAD, Opcode.I32X4_ADD, Opcode.F32X4_MUL, Opcode.I8X16_SHUFFLE));

  /** By the first result. */
  private static final Map<ValType, List<Opcode>> BY_RESULT = new HashMap<>();

  /** Those without a result. */
  static final List<Opcode> EFFECTS = new ArrayList<>();

  static {
    for (Opcode op : Opcode.values()) {
      String signature = op.signature();
      if (signature == null
          || signature.endsWith("p")
          || signature.startsWith(":") && !signature.equals(":")) {
        continue;
      }
      int colon = signature.indexOf(':');
      if (colon == signature.length() - 1) {
        EFFECTS.add(op);
      } else {
        BY_RESULT
            .computeIfAbsent(type(signature.charAt(colon + 1)), t -> new ArrayList<>())
            .add(op);
      }
    }
  }

  private final FunctionGenerator g;
  private final Choices choices;

  NumberGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  static ValType type(char letter) {
    return switch (letter) {
      case 'i' -> NumType.I32;
      case 'l' -> NumType.I64;
      case 'f' -> NumType.F32;
      case 'd' -> NumType.F64;
      default -> VecType.V128;
    };
  }

  void value(ValType type) {
    switch (choices.weighted(12, 20, 40, 6, 5, 4, 8, 3)) {
      case 0 -> constant(type);
      case 1 -> variable(type);
      case 2 -> operator(type);
      case 3 -> g.control.value(type);
      case 4 -> g.calls.value(type);
      case 5 -> select(type);
      case 6 -> g.references.number(type);
      default -> size(type);
    }
  }

  void constant(ValType type) {
    g.budget--;
    switch (type) {
      case NumType.I32 -> g.code.i32(i32());
      case NumType.I64 -> g.code.i64(i64());
      case NumType.F32 -> g.code.f32(f32());
      case NumType.F64 -> g.code.f64(f64());
      default -> g.code.v128(half(), half());
    }
  }

  int i32() {
    return i32(choices);
  }

  static int i32(Choices choices) {
    return choices.chance(25) ? (int) choices.bits() : I32[choices.below(I32.length)];
  }

  long i64() {
    return i64(choices);
  }

  static long i64(Choices choices) {
    return choices.chance(25) ? choices.bits() : I64[choices.below(I64.length)];
  }

  int f32() {
    return f32(choices);
  }

  static int f32(Choices choices) {
    return switch (choices.weighted(6, 2, 2)) {
      case 0 -> F32[choices.below(F32.length)];
      case 1 -> (int) choices.bits();
      default -> Float.floatToRawIntBits(choices.below(2000) - 1000);
    };
  }

  long f64() {
    return f64(choices);
  }

  static long f64(Choices choices) {
    return switch (choices.weighted(6, 2, 2)) {
      case 0 -> F64[choices.below(F64.length)];
      case 1 -> choices.bits();
      default -> Double.doubleToRawLongBits(choices.below(2000) - 1000);
    };
  }

  private long half() {
    return half(choices);
  }

  static long half(Choices choices) {
    return switch (choices.below(4)) {
      case 0 -> i64(choices);
      case 1 -> i32(choices) & 0xFFFFFFFFL | (long) i32(choices) << 32;
      case 2 -> f32(choices) & 0xFFFFFFFFL | (long) f32(choices) << 32;
      default -> f64(choices);
    };
  }

  /** A local or global, read or passed through. */
  void variable(ValType type) {
    int local = g.anyLocal(type, false);
    if (local < 0 || choices.chance(20)) {
      int global = anyGlobal(type, false);
      if (global >= 0) {
        g.emit(Opcode.GLOBAL_GET, global);
        return;
      }
    }
    if (local < 0) {
      g.simplest(type);
    } else if (choices.chance(20) && !g.reserved.get(local) && type.equals(g.locals.get(local))) {
      g.value(type);
      g.emit(Opcode.LOCAL_TEE, local);
    } else {
      g.get(local);
    }
  }

  /** A global that gives values of a type, or that takes them, or -1. */
  int anyGlobal(ValType type, boolean assign) {
    int count = g.env.globals.size();
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int at = (start + i) % count;
      GlobalType global = g.env.globals.get(at);
      if (assign
          ? global.mutable() && Subtyping.matches(type, global.value())
          : Subtyping.matches(global.value(), type)) {
        return at;
      }
    }
    return -1;
  }

  private Opcode choose(List<Opcode> all, ValType type) {
    if (choices.chance(35)) {
      all = COMMON.get(type);
    }
    for (int i = 0; i < 4; i++) {
      Opcode op = choices.pick(all);
      boolean possible = op.signature().charAt(0) != 'p' || !g.env.memories.isEmpty();
      if (possible && g.env.uses(Family.of(op))) {
        return op;
      }
    }
    return null;
  }

  /** An instruction with its operands; of several results only the first stays. */
  private void operator(ValType type) {
    Opcode op = choose(BY_RESULT.get(type), type);
    if (op == null) {
      g.simplest(type);
      return;
    }
    String signature = op.signature();
    if (signature.charAt(0) == 'p') {
      g.accesses.access(op);
    } else {
      operands(op, signature.substring(0, signature.indexOf(':')));
      g.emit(op);
      immediate(op);
    }
    canonical(op);
    for (int i = signature.length() - signature.indexOf(':') - 1; i > 1; i--) {
      int local = g.anyLocal(type, true);
      if (local >= 0 && choices.chance(60)) {
        g.set(local);
      } else {
        g.emit(Opcode.DROP);
      }
    }
  }

  private void operands(Opcode op, String params) {
    if (traps(op) && op.mnemonic().contains("trunc") && choices.chance(70)) {
      boolean single = params.charAt(0) == 'f';
      g.small(choices.chance(50) ? 0xFFFF : 0xFF);
      g.emit(single ? Opcode.F32_CONVERT_I32_S : Opcode.F64_CONVERT_I32_S);
      return;
    }
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < params.length(); i++) {
      types.add(type(params.charAt(i)));
    }
    g.values(types);
    if (traps(op) && choices.chance(85)) {
      g.budget -= 2;
      if (types.get(0) == NumType.I32) {
        g.code.i32(1).op(Opcode.I32_OR);
      } else if (types.get(0) == NumType.I64) {
        g.code.i64(1).op(Opcode.I64_OR);
      }
    }
  }

  private static boolean traps(Opcode op) {
    return switch (op) {
      case I32_DIV_S,
          I32_DIV_U,
          I32_REM_S,
          I32_REM_U,
          I64_DIV_S,
          I64_DIV_U,
          I64_REM_S,
          I64_REM_U,
          I32_TRUNC_F32_S,
          I32_TRUNC_F32_U,
          I32_TRUNC_F64_S,
          I32_TRUNC_F64_U,
          I64_TRUNC_F32_S,
          I64_TRUNC_F32_U,
          I64_TRUNC_F64_S,
          I64_TRUNC_F64_U ->
          true;
      default -> false;
    };
  }

  private void immediate(Opcode op) {
    if (op.immediate() == Immediate.LANE) {
      g.code.u8(choices.below(lanes(op)));
    } else if (op.immediate() == Immediate.SHUFFLE) {
      for (int i = 0; i < 16; i++) {
        g.code.u8(choices.below(32));
      }
    } else if (op.immediate() != Immediate.NONE) {
      throw new IllegalStateException(op.toString());
    }
  }

  /** The number of lanes that an instruction about one of them has. */
  static int lanes(Opcode op) {
    String name = op.mnemonic();
    if (op.immediate() == Immediate.MEMARG_LANE) {
      return 16 >> op.align();
    }
    return Integer.parseInt(name.substring(name.indexOf('x') + 1, name.indexOf('.')));
  }

  /** Makes NaNs canonical by code, where the engine does not do it. */
  private void canonical(Opcode op) {
    CanonicalNan.Shape shape = CanonicalNan.of(op);
    if (!g.env.canonical || shape == CanonicalNan.Shape.NONE) {
      return;
    }
    ValType type =
        switch (shape) {
          case F32 -> NumType.F32;
          case F64 -> NumType.F64;
          default -> VecType.V128;
        };
    int local = g.scratch(type);
    g.emit(Opcode.LOCAL_TEE, local);
    g.budget -= 2;
    switch (shape) {
      case F32 -> g.code.f32(0x7FC00000);
      case F64 -> g.code.f64(0x7FF8000000000000L);
      case F32X4 -> g.code.v128(0x7FC000007FC00000L, 0x7FC000007FC00000L);
      default -> g.code.v128(0x7FF8000000000000L, 0x7FF8000000000000L);
    }
    g.get(local);
    g.get(local);
    g.emit(
        switch (shape) {
          case F32 -> Opcode.F32_EQ;
          case F64 -> Opcode.F64_EQ;
          case F32X4 -> Opcode.F32X4_EQ;
          default -> Opcode.F64X2_EQ;
        });
    g.emit(type == VecType.V128 ? Opcode.V128_BITSELECT : Opcode.SELECT);
  }

  void select(ValType type) {
    g.values(type, type, NumType.I32);
    if (choices.chance(50)) {
      g.emit(Opcode.SELECT);
    } else {
      g.emit(Opcode.SELECT_T, 1);
      g.code.valType(type);
    }
  }

  /** The size of a memory or table, which may grow. */
  private void size(ValType type) {
    List<Integer> memories = new ArrayList<>();
    for (int i = 0; i < g.env.memories.size(); i++) {
      if (g.env.memories.get(i).address().valType() == type) {
        memories.add(i);
      }
    }
    if (memories.isEmpty() || choices.chance(30)) {
      tableSize(type);
    } else if (choices.chance(30)) {
      int memory = choices.pick(memories);
      if (choices.chance(80)) {
        AccessGenerator.address(g.code, g.env.memories.get(memory).address(), choices.below(3));
      } else {
        g.value(type);
      }
      g.emit(Opcode.MEMORY_GROW, memory);
    } else {
      g.emit(Opcode.MEMORY_SIZE, choices.pick(memories));
    }
  }

  private void tableSize(ValType type) {
    for (int i = 0; i < g.env.tables.size(); i++) {
      AddressType address = g.env.tables.get(i).address();
      if (address.valType() == type && choices.chance(60)) {
        if (choices.chance(30)) {
          RefType element = g.env.tables.get(i).element();
          g.value(element);
          AccessGenerator.address(
              g.code, address, choices.chance(90) ? choices.below(3) : g.numbers.i32());
          g.emit(Opcode.TABLE_GROW, i);
        } else {
          g.emit(Opcode.TABLE_SIZE, i);
        }
        return;
      }
    }
    constant(type);
  }
}
