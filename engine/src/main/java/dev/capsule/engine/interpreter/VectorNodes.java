package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/** Vector loads and stores (spec 4.6.7). */
final class VectorNodes {
  private VectorNodes() {}

  static final class Access extends Node {
    private final Opcode op;
    private final int d;
    private final int memory;
    private final boolean wide;
    private final int a;
    private final int b;
    private final int lane;
    private final long offset;

    Access(Opcode op, int d, int memory, boolean wide, int a, int b, int lane, long offset) {
      this.op = op;
      this.d = d;
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.b = b;
      this.lane = lane;
      this.offset = offset;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      LinearMemory m = in.memories[memory];
      long at = MemoryNodes.effective(st[fp + a], wide, offset);
      switch (op) {
        case V128_STORE -> {
          if (at > m.byteSize() - 16) {
            throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
          }
          m.putLong(at, st[fp + b]);
          m.putLong(at + 8, st[fp + b + 1]);
        }
        case V128_STORE8_LANE -> m.putByte(at, (byte) lane(st, fp, 0));
        case V128_STORE16_LANE -> m.putShort(at, (short) lane(st, fp, 1));
        case V128_STORE32_LANE -> m.putInt(at, (int) lane(st, fp, 2));
        case V128_STORE64_LANE -> m.putLong(at, lane(st, fp, 3));
        case V128_LOAD8_LANE -> replace(st, fp, 0, m.getByte(at));
        case V128_LOAD16_LANE -> replace(st, fp, 1, m.getShort(at));
        case V128_LOAD32_LANE -> replace(st, fp, 2, m.getInt(at));
        case V128_LOAD64_LANE -> replace(st, fp, 3, m.getLong(at));
        case V128_LOAD -> {
          long low = m.getLong(at);
          put(st, fp, low, m.getLong(at + 8));
        }
        case V128_LOAD8_SPLAT -> splat(st, fp, (m.getByte(at) & 0xFFL) * 0x0101010101010101L);
        case V128_LOAD16_SPLAT -> splat(st, fp, (m.getShort(at) & 0xFFFFL) * 0x0001000100010001L);
        case V128_LOAD32_SPLAT -> splat(st, fp, (m.getInt(at) & 0xFFFFFFFFL) * 0x0000000100000001L);
        case V128_LOAD64_SPLAT -> splat(st, fp, m.getLong(at));
        case V128_LOAD32_ZERO -> put(st, fp, m.getInt(at) & 0xFFFFFFFFL, 0);
        case V128_LOAD64_ZERO -> put(st, fp, m.getLong(at), 0);
        default -> extend(st, fp, m.getLong(at));
      }
      return next;
    }

    private void put(long[] st, int fp, long low, long high) {
      st[fp + d] = low;
      st[fp + d + 1] = high;
    }

    private void splat(long[] st, int fp, long half) {
      put(st, fp, half, half);
    }

    private long lane(long[] st, int fp, int log2) {
      int bit = lane << (3 + log2);
      return st[fp + b + (bit >>> 6)] >>> (bit & 63);
    }

    private void replace(long[] st, int fp, int log2, long value) {
      int bit = lane << (3 + log2);
      long mask = -1L >>> (64 - (8 << log2)) << (bit & 63);
      long low = st[fp + b];
      long high = st[fp + b + 1];
      long shifted = value << (bit & 63) & mask;
      if (bit < 64) {
        put(st, fp, low & ~mask | shifted, high);
      } else {
        put(st, fp, low, high & ~mask | shifted);
      }
    }

    /** {@code v128.load8x8_s} and the others: lanes of a half become twice as wide. */
    private void extend(long[] st, int fp, long bits) {
      int width =
          switch (op) {
            case V128_LOAD8X8_S, V128_LOAD8X8_U -> 8;
            case V128_LOAD16X4_S, V128_LOAD16X4_U -> 16;
            default -> 32;
          };
      boolean signed =
          op == Opcode.V128_LOAD8X8_S
              || op == Opcode.V128_LOAD16X4_S
              || op == Opcode.V128_LOAD32X2_S;
      put(st, fp, widen((int) bits, width, signed), widen((int) (bits >>> 32), width, signed));
    }

    private static long widen(int bits, int width, boolean signed) {
      long result = 0;
      for (int i = 0; i < 32 / width; i++) {
        long lane = (long) bits << (64 - width * (i + 1));
        lane = signed ? lane >> (64 - width) : lane >>> (64 - width);
        result |= width == 32 ? lane : (lane & (1L << 2 * width) - 1) << 2 * width * i;
      }
      return result;
    }
  }
}
