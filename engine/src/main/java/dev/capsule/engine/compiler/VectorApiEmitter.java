package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.compiler.VectorApi.Lanes;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Emits vector instructions as calls of the Vector API, those that have a form there whose results
 * are the same to the bit. Operands are in variables of kind {@code V}; a vector is pushed.
 */
final class VectorApiEmitter {
  private static final Map<String, String> BINARY =
      Map.ofEntries(
          Map.entry("add", "ADD"),
          Map.entry("sub", "SUB"),
          Map.entry("mul", "MUL"),
          Map.entry("div", "DIV"),
          Map.entry("min_s", "MIN"),
          Map.entry("max_s", "MAX"),
          Map.entry("min_u", "UMIN"),
          Map.entry("max_u", "UMAX"),
          Map.entry("add_sat_s", "SADD"),
          Map.entry("add_sat_u", "SUADD"),
          Map.entry("sub_sat_s", "SSUB"),
          Map.entry("sub_sat_u", "SUSUB"),
          Map.entry("and", "AND"),
          Map.entry("andnot", "AND_NOT"),
          Map.entry("or", "OR"),
          Map.entry("xor", "XOR"));

  private static final Map<String, String> COMPARISONS =
      Map.ofEntries(
          Map.entry("eq", "EQ"),
          Map.entry("ne", "NE"),
          Map.entry("lt", "LT"),
          Map.entry("le", "LE"),
          Map.entry("gt", "GT"),
          Map.entry("ge", "GE"),
          Map.entry("lt_s", "LT"),
          Map.entry("le_s", "LE"),
          Map.entry("gt_s", "GT"),
          Map.entry("ge_s", "GE"),
          Map.entry("lt_u", "ULT"),
          Map.entry("le_u", "ULE"),
          Map.entry("gt_u", "UGT"),
          Map.entry("ge_u", "UGE"));

  private static final Map<String, String> SHIFTS =
      Map.of("shl", "LSHL", "shr_s", "ASHR", "shr_u", "LSHR");

  private final MethodCode code;
  private final MeasuringVisitor visitor;

  VectorApiEmitter(MethodCode code) {
    this.code = code;
    this.visitor = code.visitor;
  }

  /** Emits an instruction that is no access to memory; false where the halves have to do. */
  boolean emit(Ins ins) {
    Opcode op = ins.opcode;
    if (op.immediate() == Immediate.V128) {
      code.owner.vector(visitor, ins.x, ins.y);
      return true;
    }
    if (op.immediate() == Immediate.SHUFFLE) {
      shuffle(ins);
      return true;
    }
    String mnemonic = op.mnemonic();
    int dot = mnemonic.indexOf('.');
    Lanes lanes =
        switch (mnemonic.substring(0, dot)) {
          case "i16x8" -> Lanes.SHORTS;
          case "i32x4" -> Lanes.INTS;
          case "i64x2" -> Lanes.LONGS;
          case "f32x4" -> Lanes.FLOATS;
          case "f64x2" -> Lanes.DOUBLES;
          default -> Lanes.BYTES;
        };
    return emit(ins, lanes, mnemonic.substring(dot + 1));
  }

  private boolean emit(Ins ins, Lanes lanes, String name) {
    int[] v = ins.operands;
    if (BINARY.containsKey(name)) {
      get(v[0], lanes);
      VectorApi.binary(visitor, BINARY.get(name));
      get(v[1], lanes);
      VectorApi.lanewise(visitor, lanes);
      VectorApi.asBytes(visitor, lanes);
    } else if (COMPARISONS.containsKey(name)) {
      compare(v[0], COMPARISONS.get(name), v[1], lanes);
      VectorApi.maskBytes(visitor, lanes);
    } else if (SHIFTS.containsKey(name)) {
      get(v[0], lanes);
      VectorApi.binary(visitor, SHIFTS.get(name));
      code.get(v[1]);
      code.push(lanes.bits - 1);
      code.op(IAND);
      if (lanes == Lanes.LONGS) {
        code.op(I2L);
      }
      VectorApi.lanewiseValue(visitor, lanes);
      VectorApi.asBytes(visitor, lanes);
    } else if (name.startsWith("ext") && !name.startsWith("extract")) {
      widening(v, lanes, name);
    } else if (name.startsWith("narrow")) {
      narrow(v, lanes, name.endsWith("_s"));
    } else {
      return lanes == Lanes.FLOATS || lanes == Lanes.DOUBLES
          ? floating(v, lanes, name)
          : integer(ins, lanes, name);
    }
    return true;
  }

  /** Pushes a variable with lanes of a kind. */
  private void get(int variable, Lanes lanes) {
    code.get(variable);
    VectorApi.as(visitor, lanes);
  }

  private void compare(int a, String comparison, int b, Lanes lanes) {
    get(a, lanes);
    VectorApi.operator(visitor, "Comparison", comparison);
    get(b, lanes);
    VectorApi.compare(visitor, lanes);
  }

  private boolean integer(Ins ins, Lanes lanes, String name) {
    int[] v = ins.operands;
    switch (name) {
      case "not" -> {
        code.get(v[0]);
        VectorApi.unary(visitor, lanes, "NOT");
      }
      case "neg", "abs" -> {
        get(v[0], lanes);
        VectorApi.unary(visitor, lanes, name.equals("neg") ? "NEG" : "ABS");
        VectorApi.asBytes(visitor, lanes);
      }
      case "bitselect", "relaxed_laneselect" -> {
        code.get(v[1]);
        VectorApi.binary(visitor, "XOR");
        code.get(v[0]);
        bits("XOR", v[1]);
        bits("AND", v[2]);
        VectorApi.lanewise(visitor, Lanes.BYTES);
      }
      case "avgr_u" -> {
        // The sum without its carries, and half of what is in one operand only: rounds up.
        code.get(v[0]);
        bits("OR", v[1]);
        VectorApi.as(visitor, lanes);
        VectorApi.binary(visitor, "SUB");
        code.get(v[0]);
        bits("XOR", v[1]);
        VectorApi.as(visitor, lanes);
        shift("LSHR", 1, lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.asBytes(visitor, lanes);
      }
      case "all_true" -> {
        get(v[0], lanes);
        VectorApi.test(visitor, lanes, "IS_DEFAULT");
        VectorApi.maskAny(visitor);
        code.op(ICONST_1);
        code.op(IXOR);
      }
      case "bitmask" -> {
        get(v[0], lanes);
        VectorApi.test(visitor, lanes, "IS_NEGATIVE");
        VectorApi.maskBits(visitor);
        code.op(L2I);
      }
      case "swizzle", "relaxed_swizzle" -> {
        code.get(v[1]);
        code.get(v[0]);
        VectorApi.select(visitor);
        VectorApi.binary(visitor, "AND");
        code.get(v[1]);
        VectorApi.operator(visitor, "Comparison", "ULT");
        code.push(16);
        VectorApi.compareValue(visitor, Lanes.BYTES);
        VectorApi.maskBytes(visitor, lanes);
        VectorApi.lanewise(visitor, Lanes.BYTES);
      }
      case "splat" -> {
        code.get(v[0]);
        splat(lanes);
      }
      case "extract_lane", "extract_lane_s", "extract_lane_u" -> {
        get(v[0], lanes);
        code.push(ins.a);
        VectorApi.lane(visitor, lanes);
        if (name.endsWith("_u")) {
          code.push((1 << lanes.bits) - 1);
          code.op(IAND);
        }
      }
      case "replace_lane" -> {
        get(v[0], lanes);
        code.push(ins.a);
        code.get(v[1]);
        withLane(lanes);
      }
      case "dot_i16x8_s" -> {
        get(v[0], lanes);
        shift("ASHR", 16, lanes);
        VectorApi.binary(visitor, "MUL");
        get(v[1], lanes);
        shift("ASHR", 16, lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.binary(visitor, "ADD");
        lower(v[0], "ASHR", lanes);
        VectorApi.binary(visitor, "MUL");
        lower(v[1], "ASHR", lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.asBytes(visitor, lanes);
      }
      case "trunc_sat_f32x4_s", "relaxed_trunc_f32x4_s" -> {
        get(v[0], Lanes.FLOATS);
        VectorApi.convert(visitor, Lanes.FLOATS, "F2I");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** NaNs are what additions and the like make of them; minimum and rounding do more than that. */
  private boolean floating(int[] v, Lanes lanes, String name) {
    switch (name) {
      case "sqrt" -> {
        get(v[0], lanes);
        VectorApi.unary(visitor, lanes, "SQRT");
        VectorApi.asBytes(visitor, lanes);
      }
      case "abs", "neg" -> {
        long sign = lanes == Lanes.FLOATS ? 0x8000000080000000L : Long.MIN_VALUE;
        boolean abs = name.equals("abs");
        code.get(v[0]);
        VectorApi.binary(visitor, abs ? "AND" : "XOR");
        code.owner.vector(visitor, abs ? ~sign : sign, abs ? ~sign : sign);
        VectorApi.lanewise(visitor, Lanes.BYTES);
      }
      case "pmin", "pmax" -> {
        get(v[0], lanes);
        get(v[1], lanes);
        if (name.equals("pmin")) {
          compare(v[1], "LT", v[0], lanes);
        } else {
          compare(v[0], "LT", v[1], lanes);
        }
        VectorApi.blend(visitor, lanes);
        VectorApi.asBytes(visitor, lanes);
      }
      case "relaxed_madd" -> {
        get(v[0], lanes);
        VectorApi.binary(visitor, "MUL");
        get(v[1], lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.binary(visitor, "ADD");
        get(v[2], lanes);
        VectorApi.lanewise(visitor, lanes);
        VectorApi.asBytes(visitor, lanes);
      }
      case "convert_i32x4_s" -> {
        get(v[0], Lanes.INTS);
        VectorApi.convert(visitor, Lanes.INTS, "I2F");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Pops bytes; pushes the result of an operator on them and a variable's. */
  private void bits(String operator, int variable) {
    VectorApi.binary(visitor, operator);
    code.get(variable);
    VectorApi.lanewise(visitor, Lanes.BYTES);
  }

  /** Pops a vector; pushes it shifted by a constant. */
  private void shift(String operator, int bits, Lanes lanes) {
    VectorApi.binary(visitor, operator);
    value(bits, lanes);
    VectorApi.lanewiseValue(visitor, lanes);
  }

  private void value(int value, Lanes lanes) {
    if (lanes == Lanes.LONGS) {
      code.push((long) value);
    } else {
      code.push(value);
    }
  }

  /** Pushes the lower halves of a variable's lanes, widened. */
  private void lower(int variable, String shift, Lanes lanes) {
    get(variable, lanes);
    shift("LSHL", lanes.bits / 2, lanes);
    shift(shift, lanes.bits / 2, lanes);
  }

  // Lanes of other widths.

  private void widening(int[] v, Lanes lanes, String name) {
    String shift = name.endsWith("_s") ? "ASHR" : "LSHR";
    if (name.startsWith("extadd")) {
      lower(v[0], shift, lanes);
      VectorApi.binary(visitor, "ADD");
      get(v[0], lanes);
      shift(shift, lanes.bits / 2, lanes);
      VectorApi.lanewise(visitor, lanes);
      VectorApi.asBytes(visitor, lanes);
      return;
    }
    boolean high = name.contains("_high_");
    code.get(v[0]);
    extend(lanes, high, shift);
    if (name.startsWith("extmul")) {
      VectorApi.binary(visitor, "MUL");
      code.get(v[1]);
      extend(lanes, high, shift);
      VectorApi.lanewise(visitor, lanes);
    }
    VectorApi.asBytes(visitor, lanes);
  }

  /** Pops bytes; pushes half of them in lanes of twice the width that they had. */
  private void extend(Lanes lanes, boolean high, String shift) {
    int width = lanes.bits / 8;
    // Each source lane twice: the upper one is then shifted down.
    choose(i -> (high ? 8 : 0) + i / width * (width / 2) + i % (width / 2));
    VectorApi.as(visitor, lanes);
    shift(shift, lanes.bits / 2, lanes);
  }

  /** Pops bytes; pushes those at constant indices, by place. */
  private void choose(IntUnaryOperator index) {
    vector(index);
    code.op(SWAP);
    VectorApi.select(visitor);
  }

  /** Pushes a vector of bytes by place. */
  private void vector(IntUnaryOperator value) {
    long low = 0;
    long high = 0;
    for (int i = 7; i >= 0; i--) {
      low = low << 8 | value.applyAsInt(i) & 0xFF;
      high = high << 8 | value.applyAsInt(i + 8) & 0xFF;
    }
    code.owner.vector(visitor, low, high);
  }

  private void narrow(int[] v, Lanes lanes, boolean signed) {
    Lanes from = lanes == Lanes.BYTES ? Lanes.SHORTS : Lanes.INTS;
    int width = lanes.bits / 8;
    int most = (1 << (signed ? lanes.bits - 1 : lanes.bits)) - 1;
    for (int half = 0; half < 2; half++) {
      if (half == 1) {
        VectorApi.binary(visitor, "OR");
      }
      get(v[half], from);
      VectorApi.binary(visitor, "MAX");
      code.push(signed ? -most - 1 : 0);
      VectorApi.lanewiseValue(visitor, from);
      VectorApi.binary(visitor, "MIN");
      code.push(most);
      VectorApi.lanewiseValue(visitor, from);
      VectorApi.asBytes(visitor, from);
      int place = half;
      choose(i -> i / width * 2 * width % 16 + i % width);
      VectorApi.binary(visitor, "AND");
      vector(i -> i / 8 == place ? -1 : 0);
      VectorApi.lanewise(visitor, Lanes.BYTES);
    }
    VectorApi.lanewise(visitor, Lanes.BYTES);
  }

  private void shuffle(Ins ins) {
    int[] v = ins.operands;
    IntUnaryOperator lane = i -> (int) ((i < 8 ? ins.x : ins.y) >>> 8 * (i & 7)) & 31;
    boolean first = false;
    boolean second = false;
    for (int i = 0; i < 16; i++) {
      first |= lane.applyAsInt(i) < 16;
      second |= lane.applyAsInt(i) >= 16;
    }
    if (v[0] == v[1] || !second || !first) {
      code.get(first ? v[0] : v[1]);
      choose(i -> lane.applyAsInt(i) & 15);
      return;
    }
    for (int operand = 0; operand < 2; operand++) {
      int wanted = operand;
      if (operand == 1) {
        VectorApi.binary(visitor, "OR");
      }
      code.get(v[operand]);
      choose(i -> lane.applyAsInt(i) & 15);
      VectorApi.binary(visitor, "AND");
      vector(i -> lane.applyAsInt(i) / 16 == wanted ? -1 : 0);
      VectorApi.lanewise(visitor, Lanes.BYTES);
    }
    VectorApi.lanewise(visitor, Lanes.BYTES);
  }

  // Values of single lanes.

  /** Pops an integer; pushes the vector that has it in every lane. */
  void splat(Lanes lanes) {
    char kind = lanes == Lanes.LONGS ? 'J' : 'I';
    code.storeLocal(kind, code.scratch(5));
    VectorApi.species(visitor, lanes);
    code.loadLocal(kind, code.scratch(5));
    cut(lanes);
    VectorApi.broadcast(visitor, lanes);
    VectorApi.asBytes(visitor, lanes);
  }

  /** Pops a vector, a lane's number and an integer; pushes bytes. */
  void withLane(Lanes lanes) {
    cut(lanes);
    VectorApi.withLane(visitor, lanes);
    VectorApi.asBytes(visitor, lanes);
  }

  private void cut(Lanes lanes) {
    if (lanes == Lanes.BYTES) {
      code.op(I2B);
    } else if (lanes == Lanes.SHORTS) {
      code.op(I2S);
    }
  }

  /** Pops a long of several lanes; pushes them in lanes of twice the width. */
  void loadExtended(Lanes lanes, boolean signed) {
    splat(Lanes.LONGS);
    extend(lanes, false, signed ? "ASHR" : "LSHR");
    VectorApi.asBytes(visitor, lanes);
  }

  /** The lanes of an access of {@code 1 << log2} bytes. */
  static Lanes integers(int log2) {
    return Lanes.values()[log2];
  }
}
