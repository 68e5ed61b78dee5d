package dev.capsule.engine.differential;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;

/** Instructions in the binary format (spec 5.4). */
final class Code {
  private final Environment env;
  private byte[] bytes = new byte[256];
  private int size;

  Code(Environment env) {
    this.env = env;
  }

  CodeSlice slice() {
    return new CodeSlice(Arrays.copyOf(bytes, size), 0, size, 0);
  }

  Code op(Opcode op) {
    if (op.prefix() == 0) {
      return u8(op.code());
    }
    return u8(op.prefix()).u32(op.code());
  }

  Code op(Opcode op, int index) {
    return op(op).u32(index);
  }

  Code u8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  Code u32(int value) {
    return u64(value & 0xFFFFFFFFL);
  }

  Code u64(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      u8((int) rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  Code s64(long value) {
    long rest = value;
    while (rest < -0x40 || rest > 0x3F) {
      u8((int) rest & 0x7F | 0x80);
      rest >>= 7;
    }
    return u8((int) rest & 0x7F);
  }

  Code fixed(long value, int count) {
    for (int i = 0; i < count; i++) {
      u8((int) (value >>> 8 * i));
    }
    return this;
  }

  Code i32(int value) {
    return op(Opcode.I32_CONST).s64(value);
  }

  Code i64(long value) {
    return op(Opcode.I64_CONST).s64(value);
  }

  Code f32(int bits) {
    return op(Opcode.F32_CONST).fixed(bits, 4);
  }

  Code f64(long bits) {
    return op(Opcode.F64_CONST).fixed(bits, 8);
  }

  Code v128(long low, long high) {
    return op(Opcode.V128_CONST).fixed(low, 8).fixed(high, 8);
  }

  Code heap(HeapType type) {
    return type instanceof AbsHeapType abs ? u8(abs.code()) : s64(env.index((DefType) type));
  }

  Code valType(ValType type) {
    return switch (type) {
      case NumType num -> u8(0x7F - num.ordinal());
      case RefType ref -> {
        if (!(ref.nullable() && ref.heap() instanceof AbsHeapType)) {
          u8(ref.nullable() ? 0x63 : 0x64);
        }
        yield heap(ref.heap());
      }
      default -> u8(0x7B);
    };
  }
}
