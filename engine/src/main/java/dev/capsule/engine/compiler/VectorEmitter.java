package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.Numeric;
import dev.capsule.engine.exec.simd.I16x8;
import dev.capsule.engine.exec.simd.I32x4;
import dev.capsule.engine.exec.simd.I64x2;
import dev.capsule.engine.exec.simd.I8x16;
import dev.capsule.engine.exec.simd.VectorShape;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;

/**
 * Emits vector instructions, whose operands are in variables; results are pushed, low half first.
 */
final class VectorEmitter {
  private final MethodCode code;
  private final MemoryEmitter memory;
  private final boolean objects;
  private final VectorApiEmitter api;

  VectorEmitter(MethodCode code, MemoryEmitter memory) {
    this.code = code;
    this.memory = memory;
    this.objects = code.ir != null && code.ir.vectors;
    this.api = new VectorApiEmitter(code);
  }

  /** Whether an instruction's operands may be vectors that are objects. */
  static boolean takes(Opcode op) {
    return op.prefix() == 0xFD || op == Opcode.SELECT || op == Opcode.SELECT_T;
  }

  boolean emit(Ins ins) {
    Opcode op = ins.opcode;
    if (op.prefix() == 0xFC && op.signature() != null && op.signature().startsWith("ll")) {
      wide(op);
      return true;
    }
    if ((op == Opcode.SELECT || op == Opcode.SELECT_T) && ins.operands != null) {
      if (objects) {
        for (int operand : ins.operands) {
          code.get(operand);
        }
        String object = Names.descriptor(Names.OBJECT);
        code.call(Comparing.class, "select", "(" + object + object + "I)" + object);
        code.visitor.visitTypeInsn(CHECKCAST, VectorApi.BYTES);
        return true;
      }
      for (int half = 0; half < 2; half++) {
        code.get(ins.operands[0] + half);
        code.get(ins.operands[1] + half);
        code.get(ins.operands[2]);
        code.call(Comparing.class, "select", "(JJI)J");
      }
      return true;
    }
    if (op.prefix() != 0xFD) {
      return false;
    }
    boolean access = op.immediate() == Immediate.MEMARG || op.immediate() == Immediate.MEMARG_LANE;
    if (objects && (access ? accessed(ins) : api.emit(ins))) {
      return true;
    }
    if (op.immediate() == Immediate.V128) {
      code.push(ins.x);
      code.push(ins.y);
    } else if (access) {
      access(ins);
    } else {
      arithmetic(ins);
    }
    if (objects && op.signature().endsWith("v")) {
      VectorApi.pack(code);
    }
    return true;
  }

  /** Pushes half of a vector in a variable. */
  private void half(int variable, int half) {
    if (objects) {
      VectorApi.half(code, variable, half);
    } else {
      code.get(variable + half);
    }
  }

  /** Emits an access whose value is an object; false for those to be done by halves. */
  private boolean accessed(Ins ins) {
    Opcode op = ins.opcode;
    switch (op) {
      case V128_LOAD -> {
        if (!memory.isArray(ins.a)) {
          return false;
        }
        address(ins);
        memory.loadVector(ins.x);
      }
      case V128_STORE -> {
        if (!memory.isArray(ins.a)) {
          return false;
        }
        address(ins);
        code.get(ins.operands[1]);
        memory.storeVector(ins.x);
      }
      case V128_LOAD8_SPLAT, V128_LOAD16_SPLAT, V128_LOAD32_SPLAT, V128_LOAD64_SPLAT -> {
        address(ins);
        load(ins, 0, width(op.align()));
        api.splat(VectorApiEmitter.integers(op.align()));
      }
      case V128_LOAD8X8_S,
          V128_LOAD8X8_U,
          V128_LOAD16X4_S,
          V128_LOAD16X4_U,
          V128_LOAD32X2_S,
          V128_LOAD32X2_U -> {
        address(ins);
        load(ins, 0, 'J');
        String name = op.mnemonic();
        int log2 = name.contains("8x8") ? 1 : name.contains("16x4") ? 2 : 3;
        api.loadExtended(VectorApiEmitter.integers(log2), name.endsWith("_s"));
      }
      case V128_LOAD8_LANE, V128_LOAD16_LANE, V128_LOAD32_LANE, V128_LOAD64_LANE -> {
        VectorApi.Lanes lanes = VectorApiEmitter.integers(op.align());
        char kind = op.align() == 3 ? 'J' : 'I';
        address(ins);
        load(ins, 0, width(op.align()));
        code.storeLocal(kind, code.scratch(4));
        code.get(ins.operands[1]);
        VectorApi.as(code.visitor, lanes);
        code.push(ins.b);
        code.loadLocal(kind, code.scratch(4));
        api.withLane(lanes);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void call(Opcode op, String suffix, String descriptor) {
    code.call(VectorShape.owner(op), VectorShape.method(op) + suffix, descriptor);
  }

  private void arithmetic(Ins ins) {
    Opcode op = ins.opcode;
    int[] v = ins.operands;
    switch (VectorShape.of(op)) {
      case LANES_1, LANES_2, LANES_3 -> {
        for (int half = 0; half < 2; half++) {
          for (int operand : v) {
            half(operand, half);
          }
          call(op, "", "(" + "J".repeat(v.length) + ")J");
        }
      }
      case SHIFT -> {
        for (int half = 0; half < 2; half++) {
          half(v[0], half);
          code.get(v[1]);
          call(op, "", "(JI)J");
        }
      }
      case CROSS_1, CROSS_2 -> {
        for (String half : new String[] {"Low", "High"}) {
          halves(v);
          call(op, half, "(" + "JJ".repeat(v.length) + ")J");
        }
      }
      case SHUFFLE -> {
        halves(v);
        code.push(ins.x);
        call(op, "", "(JJJJJ)J");
        halves(v);
        code.push(ins.y);
        call(op, "", "(JJJJJ)J");
      }
      case TEST -> {
        halves(v);
        call(op, "", "(JJ)I");
      }
      case SPLAT -> {
        for (int half = 0; half < 2; half++) {
          code.get(v[0]);
          call(op, "", "(" + code.ir.kind(v[0]) + ")J");
        }
      }
      case EXTRACT -> {
        int lanes = VectorShape.lanesPerHalf(op);
        half(v[0], ins.a / lanes);
        code.push(ins.a % lanes);
        call(op, "", "(JI)" + result(op));
      }
      case REPLACE -> {
        int lanes = VectorShape.lanesPerHalf(op);
        for (int half = 0; half < 2; half++) {
          half(v[0], half);
          if (half == ins.a / lanes) {
            code.push(ins.a % lanes);
            code.get(v[1]);
            call(op, "", "(JI" + code.ir.kind(v[1]) + ")J");
          }
        }
      }
    }
  }

  private void halves(int[] operands) {
    for (int operand : operands) {
      half(operand, 0);
      half(operand, 1);
    }
  }

  private static char result(Opcode op) {
    return switch (op.signature().charAt(op.signature().length() - 1)) {
      case 'l' -> 'J';
      case 'f' -> 'F';
      case 'd' -> 'D';
      default -> 'I';
    };
  }

  private void access(Ins ins) {
    Opcode op = ins.opcode;
    int[] v = ins.operands;
    switch (op) {
      case V128_LOAD -> {
        // The high half first, so that nothing is read where the access is out of bounds.
        address(ins);
        load(ins, 8, 'J');
        int high = code.scratch(4);
        code.storeLocal('J', high);
        address(ins);
        load(ins, 0, 'J');
        code.loadLocal('J', high);
      }
      case V128_STORE -> {
        address(ins);
        load(ins, 8, 'J');
        code.op(POP2);
        address(ins);
        half(v[1], 0);
        memory.storeRaw(ins.a, ins.x, 'J');
        address(ins);
        half(v[1], 1);
        storeHigh(ins);
      }
      case V128_LOAD8_SPLAT, V128_LOAD16_SPLAT, V128_LOAD32_SPLAT -> {
        address(ins);
        load(ins, 0, width(op.align()));
        Class<?> owner =
            switch (op.align()) {
              case 0 -> I8x16.class;
              case 1 -> I16x8.class;
              default -> I32x4.class;
            };
        String name = owner.getSimpleName();
        code.call(owner, "i" + name.substring(1) + "Splat", "(I)J");
        code.op(DUP2);
      }
      case V128_LOAD64_SPLAT -> {
        address(ins);
        load(ins, 0, 'J');
        code.op(DUP2);
      }
      case V128_LOAD32_ZERO -> {
        address(ins);
        load(ins, 0, 'I');
        code.op(I2L);
        code.push(0xFFFFFFFFL);
        code.op(LAND);
        code.op(LCONST_0);
      }
      case V128_LOAD64_ZERO -> {
        address(ins);
        load(ins, 0, 'J');
        code.op(LCONST_0);
      }
      case V128_LOAD8X8_S,
          V128_LOAD8X8_U,
          V128_LOAD16X4_S,
          V128_LOAD16X4_U,
          V128_LOAD32X2_S,
          V128_LOAD32X2_U ->
          loadExtend(ins);
      default -> lane(ins);
    }
  }

  private void storeHigh(Ins ins) {
    if (ins.x > Long.MAX_VALUE - 8) {
      code.op(POP2);
      code.op(POP);
      code.call(Support.class, "outOfBounds", "()I");
      code.op(POP);
    } else {
      memory.storeRaw(ins.a, ins.x + 8, 'J');
    }
  }

  private void load(Ins ins, int more, char width) {
    // Beyond 2^63 nothing is in bounds; the sum must not wrap.
    long offset = ins.x + more < ins.x ? -1L : ins.x + more;
    memory.loadRaw(ins.a, offset, width);
  }

  private void address(Ins ins) {
    code.get(ins.operands[0]);
  }

  private static char width(int align) {
    return "BSIJ".charAt(align);
  }

  private void loadExtend(Ins ins) {
    String name = ins.opcode.mnemonic();
    String half =
        name.contains("8x8")
            ? "i16x8Extend"
            : name.contains("16x4") ? "i32x4Extend" : "i64x2Extend";
    String source = name.contains("8x8") ? "I8x16" : name.contains("16x4") ? "I16x8" : "I32x4";
    Class<?> owner =
        name.contains("8x8") ? I16x8.class : name.contains("16x4") ? I32x4.class : I64x2.class;
    String method = half + "Low" + source + (name.endsWith("_s") ? "S" : "U");
    address(ins);
    load(ins, 0, 'J');
    int low = code.scratch(4);
    code.storeLocal('J', low);
    for (String suffix : new String[] {"Low", "High"}) {
      code.loadLocal('J', low);
      code.op(LCONST_0);
      code.call(owner, method + suffix, "(JJ)J");
    }
  }

  private void lane(Ins ins) {
    Opcode op = ins.opcode;
    int align = op.align();
    int perHalf = 8 >> align;
    int half = ins.b / perHalf;
    int lane = ins.b % perHalf;
    Class<?> owner =
        switch (align) {
          case 0 -> I8x16.class;
          case 1 -> I16x8.class;
          case 2 -> I32x4.class;
          default -> I64x2.class;
        };
    String prefix = "i" + owner.getSimpleName().substring(1);
    char kind = align == 3 ? 'J' : 'I';
    int[] v = ins.operands;
    address(ins);
    if (op.mnemonic().contains("store")) {
      half(v[1], half);
      code.push(lane);
      code.call(owner, prefix + (align < 2 ? "ExtractLaneU" : "ExtractLane"), "(JI)" + kind);
      memory.storeRaw(ins.a, ins.x, width(align));
      return;
    }
    load(ins, 0, width(align));
    int value = code.scratch(4);
    code.storeLocal(kind, value);
    for (int i = 0; i < 2; i++) {
      half(v[1], i);
      if (i == half) {
        code.push(lane);
        code.loadLocal(kind, value);
        code.call(owner, prefix + "ReplaceLane", "(JI" + kind + ")J");
      }
    }
  }

  /** Wide arithmetic: operands on the JVM's stack, two i64 results. */
  private void wide(Opcode op) {
    int b = code.scratch(1);
    int a = code.scratch(0);
    if (op == Opcode.I64_MUL_WIDE_S || op == Opcode.I64_MUL_WIDE_U) {
      code.storeLocal('J', b);
      code.storeLocal('J', a);
      code.loadLocal('J', a);
      code.loadLocal('J', b);
      code.op(LMUL);
      code.loadLocal('J', a);
      code.loadLocal('J', b);
      code.call(Numeric.class, VectorShape.method(op), "(JJ)J");
      return;
    }
    boolean add = op == Opcode.I64_ADD128;
    int bHigh = code.scratch(3);
    int aHigh = code.scratch(2);
    code.storeLocal('J', bHigh);
    code.storeLocal('J', b);
    code.storeLocal('J', aHigh);
    code.storeLocal('J', a);
    code.loadLocal('J', a);
    code.loadLocal('J', b);
    code.op(add ? LADD : LSUB);
    code.loadLocal('J', aHigh);
    code.loadLocal('J', bHigh);
    code.op(add ? LADD : LSUB);
    code.loadLocal('J', a);
    code.loadLocal('J', b);
    code.call(Numeric.class, add ? "carry" : "borrow", "(JJ)J");
    code.op(add ? LADD : LSUB);
  }
}
