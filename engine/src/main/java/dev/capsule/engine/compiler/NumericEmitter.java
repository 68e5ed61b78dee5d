package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.Numeric;
import dev.capsule.engine.exec.simd.VectorShape;
import dev.capsule.engine.module.Opcode;
import org.objectweb.asm.Label;

/** Emits constants, arithmetic, comparisons and conversions. */
final class NumericEmitter {
  private final MethodCode code;

  NumericEmitter(MethodCode code) {
    this.code = code;
  }

  /** Emits a numeric instruction; false where it is none. */
  boolean emit(Ins ins) {
    Opcode op = ins.opcode;
    switch (op) {
      case I32_CONST -> code.push((int) ins.x);
      case I64_CONST -> code.push(ins.x);
      case F32_CONST -> constant(Float.intBitsToFloat((int) ins.x), (int) ins.x);
      case F64_CONST -> constant(Double.longBitsToDouble(ins.x), ins.x);
      case SELECT, SELECT_T -> {
        String type = JvmSignature.typeOf((char) ins.a);
        code.call(Comparing.class, "select", "(" + type + type + "I)" + type);
      }
      case I32_ADD -> code.op(IADD);
      case I32_SUB -> code.op(ISUB);
      case I32_MUL -> code.op(IMUL);
      case I32_AND -> code.op(IAND);
      case I32_OR -> code.op(IOR);
      case I32_XOR -> code.op(IXOR);
      case I32_SHL -> code.op(ISHL);
      case I32_SHR_S -> code.op(ISHR);
      case I32_SHR_U -> code.op(IUSHR);
      case I32_ROTL -> code.call(Integer.class, "rotateLeft", "(II)I");
      case I32_ROTR -> code.call(Integer.class, "rotateRight", "(II)I");
      case I32_CLZ -> code.call(Integer.class, "numberOfLeadingZeros", "(I)I");
      case I32_CTZ -> code.call(Integer.class, "numberOfTrailingZeros", "(I)I");
      case I32_POPCNT -> code.call(Integer.class, "bitCount", "(I)I");
      case I64_ADD -> code.op(LADD);
      case I64_SUB -> code.op(LSUB);
      case I64_MUL -> code.op(LMUL);
      case I64_AND -> code.op(LAND);
      case I64_OR -> code.op(LOR);
      case I64_XOR -> code.op(LXOR);
      case I64_SHL -> shift(LSHL);
      case I64_SHR_S -> shift(LSHR);
      case I64_SHR_U -> shift(LUSHR);
      case I64_ROTL -> rotate("rotateLeft");
      case I64_ROTR -> rotate("rotateRight");
      case I64_CLZ -> count("numberOfLeadingZeros");
      case I64_CTZ -> count("numberOfTrailingZeros");
      case I64_POPCNT -> count("bitCount");
      case F32_ADD -> code.op(FADD);
      case F32_SUB -> code.op(FSUB);
      case F32_MUL -> code.op(FMUL);
      case F32_DIV -> code.op(FDIV);
      case F64_ADD -> code.op(DADD);
      case F64_SUB -> code.op(DSUB);
      case F64_MUL -> code.op(DMUL);
      case F64_DIV -> code.op(DDIV);
      case F64_SQRT -> code.call(Math.class, "sqrt", "(D)D");
      case I32_WRAP_I64 -> code.op(L2I);
      case I64_EXTEND_I32_S -> code.op(I2L);
      case I64_EXTEND_I32_U -> {
        code.op(I2L);
        code.push(0xFFFFFFFFL);
        code.op(LAND);
      }
      case F32_CONVERT_I32_S -> code.op(I2F);
      case F32_CONVERT_I64_S -> code.op(L2F);
      case F64_CONVERT_I32_S -> code.op(I2D);
      case F64_CONVERT_I64_S -> code.op(L2D);
      case F32_DEMOTE_F64 -> code.op(D2F);
      case F64_PROMOTE_F32 -> code.op(F2D);
      case I32_REINTERPRET_F32 -> code.call(Float.class, "floatToRawIntBits", "(F)I");
      case F32_REINTERPRET_I32 -> code.call(Float.class, "intBitsToFloat", "(I)F");
      case I64_REINTERPRET_F64 -> code.call(Double.class, "doubleToRawLongBits", "(D)J");
      case F64_REINTERPRET_I64 -> code.call(Double.class, "longBitsToDouble", "(J)D");
      case I32_EXTEND8_S -> code.op(I2B);
      case I32_EXTEND16_S -> code.op(I2S);
      case I64_EXTEND8_S -> extend(I2B);
      case I64_EXTEND16_S -> extend(I2S);
      case I64_EXTEND32_S -> {
        code.op(L2I);
        code.op(I2L);
      }
      default -> {
        return other(op);
      }
    }
    return true;
  }

  private boolean other(Opcode op) {
    if (Comparisons.fuses(op)) {
      code.call(Comparing.class, VectorShape.method(op), descriptor(op));
      return true;
    }
    boolean numeric =
        op.prefix() == 0 && op.code() >= 0x45 && op.code() <= 0xC4
            || op.prefix() == 0xFC && op.code() <= 7;
    if (numeric) {
      code.call(Numeric.class, VectorShape.method(op), descriptor(op));
    }
    return numeric;
  }

  private static String descriptor(Opcode op) {
    StringBuilder text = new StringBuilder("(");
    for (char c : op.signature().toCharArray()) {
      text.append(
          switch (c) {
            case 'i' -> 'I';
            case 'l' -> 'J';
            case 'f' -> 'F';
            case 'd' -> 'D';
            default -> ')';
          });
    }
    return text.toString();
  }

  /** A constant whose bits survive: a NaN's payload would not always survive the constant pool. */
  private void constant(float value, int bits) {
    if (Float.isNaN(value)) {
      code.push(bits);
      code.call(Float.class, "intBitsToFloat", "(I)F");
    } else if (bits == 0) {
      code.op(FCONST_0);
    } else {
      code.visitor.visitLdcInsn(value);
    }
  }

  private void constant(double value, long bits) {
    if (Double.isNaN(value)) {
      code.push(bits);
      code.call(Double.class, "longBitsToDouble", "(J)D");
    } else if (bits == 0) {
      code.op(DCONST_0);
    } else {
      code.visitor.visitLdcInsn(value);
    }
  }

  private void shift(int opcode) {
    code.op(L2I);
    code.op(opcode);
  }

  private void rotate(String name) {
    code.op(L2I);
    code.call(Long.class, name, "(JI)J");
  }

  private void count(String name) {
    code.call(Long.class, name, "(J)I");
    code.op(I2L);
  }

  private void extend(int opcode) {
    code.op(L2I);
    code.op(opcode);
    code.op(I2L);
  }

  /** Pops the operands of a comparison, or an i32, and jumps where it is {@code wanted}. */
  void jump(Opcode comparison, boolean wanted, Label target) {
    int opcode = comparison == null ? IFNE : jumpOpcode(comparison);
    // Conditional jumps come in pairs: 153/154, 155/156 and so on are each other's opposites.
    int chosen = wanted ? opcode : ((opcode - IFEQ) ^ 1) + IFEQ;
    code.visitor.visitJumpInsn(chosen, target);
  }

  /** Whether a comparison leaves its result on the stack for the jump to test. */
  boolean leavesResult(Opcode comparison) {
    return comparison != null
        && switch (comparison) {
          case I32_EQZ, I32_EQ, I32_NE, I32_LT_S, I32_GT_S, I32_LE_S, I32_GE_S -> false;
          default -> true;
        };
  }

  private int jumpOpcode(Opcode op) {
    return switch (op) {
      case I32_EQZ -> IFEQ;
      case I32_EQ -> IF_ICMPEQ;
      case I32_NE -> IF_ICMPNE;
      case I32_LT_S -> IF_ICMPLT;
      case I32_GT_S -> IF_ICMPGT;
      case I32_LE_S -> IF_ICMPLE;
      case I32_GE_S -> IF_ICMPGE;
      case I32_LT_U -> after(Integer.class, "(II)I", IFLT);
      case I32_GT_U -> after(Integer.class, "(II)I", IFGT);
      case I32_LE_U -> after(Integer.class, "(II)I", IFLE);
      case I32_GE_U -> after(Integer.class, "(II)I", IFGE);
      case I64_EQZ -> {
        code.op(LCONST_0);
        yield after(LCMP, IFEQ);
      }
      case I64_EQ -> after(LCMP, IFEQ);
      case I64_NE -> after(LCMP, IFNE);
      case I64_LT_S -> after(LCMP, IFLT);
      case I64_GT_S -> after(LCMP, IFGT);
      case I64_LE_S -> after(LCMP, IFLE);
      case I64_GE_S -> after(LCMP, IFGE);
      case I64_LT_U -> after(Long.class, "(JJ)I", IFLT);
      case I64_GT_U -> after(Long.class, "(JJ)I", IFGT);
      case I64_LE_U -> after(Long.class, "(JJ)I", IFLE);
      case I64_GE_U -> after(Long.class, "(JJ)I", IFGE);
      case F32_EQ -> after(FCMPL, IFEQ);
      case F32_NE -> after(FCMPL, IFNE);
      case F32_LT -> after(FCMPG, IFLT);
      case F32_GT -> after(FCMPL, IFGT);
      case F32_LE -> after(FCMPG, IFLE);
      case F32_GE -> after(FCMPL, IFGE);
      case F64_EQ -> after(DCMPL, IFEQ);
      case F64_NE -> after(DCMPL, IFNE);
      case F64_LT -> after(DCMPG, IFLT);
      case F64_GT -> after(DCMPL, IFGT);
      case F64_LE -> after(DCMPG, IFLE);
      case F64_GE -> after(DCMPL, IFGE);
      default -> throw new IllegalArgumentException(op + " is no comparison");
    };
  }

  private int after(int compare, int jump) {
    code.op(compare);
    return jump;
  }

  private int after(Class<?> type, String descriptor, int jump) {
    code.call(type, "compareUnsigned", descriptor);
    return jump;
  }
}
