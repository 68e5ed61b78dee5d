package dev.capsule.engine.exec.simd;

import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import java.util.Locale;

/** How the method or methods behind a vector instruction are called. */
public enum VectorShape {
  /** {@code long op(long)} on each half. */
  LANES_1,
  /** {@code long op(long, long)} on each half. */
  LANES_2,
  /** {@code long op(long, long, long)} on each half. */
  LANES_3,
  /** {@code long op(long, int)} on each half. */
  SHIFT,
  /** {@code long opLow(long, long)} and {@code opHigh}. */
  CROSS_1,
  /** {@code long opLow(long, long, long, long)} and {@code opHigh}. */
  CROSS_2,
  /** {@code long op(aLow, aHigh, bLow, bHigh, lanes)} with the lanes of each half. */
  SHUFFLE,
  /** {@code int op(long low, long high)}. */
  TEST,
  /** {@code long op(value)}, the same for both halves. */
  SPLAT,
  /** {@code value op(long half, int laneWithinHalf)}. */
  EXTRACT,
  /** {@code long op(long half, int laneWithinHalf, value)} on the half that holds the lane. */
  REPLACE;

  /** The shape of a vector instruction that is neither constant nor memory access. */
  public static VectorShape of(Opcode op) {
    String name = op.mnemonic();
    String signature = op.signature();
    if (op.immediate() == Immediate.SHUFFLE) {
      return SHUFFLE;
    }
    if (op.immediate() == Immediate.LANE) {
      return signature.startsWith("v:") ? EXTRACT : REPLACE;
    }
    return switch (signature) {
      case "v:v" -> isCross(name) ? CROSS_1 : LANES_1;
      case "vv:v" -> isCross(name) ? CROSS_2 : LANES_2;
      case "vvv:v" -> LANES_3;
      case "vi:v" -> SHIFT;
      case "v:i" -> TEST;
      default -> SPLAT;
    };
  }

  private static boolean isCross(String name) {
    return name.contains("swizzle")
        || name.contains(".narrow_")
        || name.contains(".extend_")
        || name.contains(".extmul_")
        || name.contains("_low_")
        || name.endsWith("_zero");
  }

  /** The number of lanes in each half of the vectors that the instruction works on. */
  public static int lanesPerHalf(Opcode op) {
    return switch (op.mnemonic().substring(0, 5)) {
      case "i8x16" -> 8;
      case "i16x8" -> 4;
      case "i32x4", "f32x4" -> 2;
      default -> 1;
    };
  }

  /** The class that implements the instruction. */
  public static Class<?> owner(Opcode op) {
    return switch (op.mnemonic().substring(0, 5)) {
      case "i8x16" -> I8x16.class;
      case "i16x8" -> I16x8.class;
      case "i32x4" -> I32x4.class;
      case "i64x2" -> I64x2.class;
      case "f32x4" -> F32x4.class;
      case "f64x2" -> F64x2.class;
      default -> Bits.class;
    };
  }

  /** The name of the method, or the stem of the two methods: the mnemonic in camel case. */
  public static String method(Opcode op) {
    StringBuilder name = new StringBuilder();
    for (String part : op.mnemonic().split("[._]", -1)) {
      name.append(
          name.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return name.toString();
  }
}
