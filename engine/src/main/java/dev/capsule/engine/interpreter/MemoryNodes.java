package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ArrayMemory;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.runtime.Memory;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/** Memory instructions on whole ranges and on memories that are not one array (spec 4.6.7). */
final class MemoryNodes {
  /** Bytes moved between two looks at deadline and interruption. */
  private static final int PIECE = 16 << 20;

  private MemoryNodes() {}

  /** The number in a slot that holds an address or a size. */
  static long address(long slot, boolean wide) {
    return wide ? slot : slot & 0xFFFFFFFFL;
  }

  /** An address plus a static offset; traps where the sum is beyond every memory. */
  static long effective(long slot, boolean wide, long offset) {
    long base = address(slot, wide);
    long sum = base + offset;
    if (base < 0 || offset < 0 || sum < 0) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
    }
    return sum;
  }

  private static void check(long at, long length, long size) {
    if (at < 0 || length < 0 || at > size - length) {
      throw new Trap(TrapKind.OUT_OF_BOUNDS_MEMORY);
    }
  }

  /** A load from any memory. */
  static final class Load extends VariableNodes.Producer {
    private final int shape;
    private final int memory;
    private final boolean wide;
    private final int a;
    private final long offset;

    /**
     * @param shape the lowered instruction of the same effect for array memories
     */
    Load(int shape, int d, int memory, boolean wide, int a, long offset) {
      super(d);
      this.shape = shape;
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.offset = offset;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Memory from = in.memories[memory];
      long at = effective(st[fp + a], wide, offset);
      st[fp + d] =
          switch (shape) {
            case Ops.LOAD8_S -> from.getByte(at);
            case Ops.LOAD8_U -> from.getByte(at) & 0xFF;
            case Ops.LOAD16_S -> from.getShort(at);
            case Ops.LOAD16_U -> from.getShort(at) & 0xFFFF;
            case Ops.LOAD32 -> from.getInt(at);
            case Ops.LOAD32_U -> from.getInt(at) & 0xFFFFFFFFL;
            default -> from.getLong(at);
          };
      return next;
    }
  }

  /** A store to any memory. */
  static final class Store extends Node {
    private final int shape;
    private final int memory;
    private final boolean wide;
    private final int a;
    private final int b;
    private final long offset;

    Store(int shape, int memory, boolean wide, int a, int b, long offset) {
      this.shape = shape;
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.b = b;
      this.offset = offset;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Memory to = in.memories[memory];
      long at = effective(st[fp + a], wide, offset);
      long value = st[fp + b];
      switch (shape) {
        case Ops.STORE8 -> to.putByte(at, (byte) value);
        case Ops.STORE16 -> to.putShort(at, (short) value);
        case Ops.STORE32 -> to.putInt(at, (int) value);
        default -> to.putLong(at, value);
      }
      return next;
    }
  }

  static final class Size extends VariableNodes.Producer {
    private final int memory;

    Size(int d, int memory) {
      super(d);
      this.memory = memory;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = in.memories[memory].pages();
      return next;
    }
  }

  static final class Grow extends Node {
    private final int d;
    private final int memory;
    private final boolean wide;
    private final int a;
    private final int w;

    Grow(int d, int memory, boolean wide, int a, int w) {
      this.d = d;
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      Memory grown = in.memories[memory];
      long delta = address(st[fp + a], wide);
      long before = grown.byteSize();
      long old = grown.grow(delta);
      st[fp + d] = old;
      if (old >= 0) {
        store.chargeBulk((grown.byteSize() - before) >>> 6);
      }
      return leave(store, fp, next);
    }
  }

  static final class Fill extends Node {
    private final int memory;
    private final boolean wide;
    private final int a;
    private final int value;
    private final int length;
    private final int w;

    Fill(int memory, boolean wide, int a, int value, int length, int w) {
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.value = value;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      Memory to = in.memories[memory];
      long at = address(st[fp + a], wide);
      long left = address(st[fp + length], wide);
      check(at, left, to.byteSize());
      store.chargeBulk(left >>> 6);
      while (left > PIECE) {
        to.fill(at, (byte) st[fp + value], PIECE);
        at += PIECE;
        left -= PIECE;
        store.checkInterruption();
      }
      to.fill(at, (byte) st[fp + value], left);
      return next;
    }
  }

  static final class Copy extends Node {
    private final int target;
    private final int source;
    private final boolean wideTarget;
    private final boolean wideSource;
    private final int a;
    private final int b;
    private final int length;
    private final int w;

    Copy(
        int target,
        int source,
        boolean wideTarget,
        boolean wideSource,
        int a,
        int b,
        int length,
        int w) {
      this.target = target;
      this.source = source;
      this.wideTarget = wideTarget;
      this.wideSource = wideSource;
      this.a = a;
      this.b = b;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      Memory to = in.memories[target];
      Memory from = in.memories[source];
      long at = address(st[fp + a], wideTarget);
      long start = address(st[fp + b], wideSource);
      long left = address(st[fp + length], wideTarget && wideSource);
      check(start, left, from.byteSize());
      check(at, left, to.byteSize());
      store.chargeBulk(left >>> 6);
      boolean down = to == from && start < at;
      byte[] buffer =
          to instanceof ArrayMemory && from instanceof ArrayMemory
              ? null
              : new byte[(int) Math.min(left, 1 << 16)];
      int piece = buffer == null ? PIECE : 1 << 16;
      while (left > 0) {
        int now = (int) Math.min(left, piece);
        long skip = down ? left - now : 0;
        if (to instanceof ArrayMemory t && from instanceof ArrayMemory f) {
          System.arraycopy(f.bytes, (int) (start + skip), t.bytes, (int) (at + skip), now);
        } else {
          from.read(start + skip, buffer, 0, now);
          to.write(at + skip, buffer, 0, now);
        }
        if (!down) {
          start += now;
          at += now;
        }
        left -= now;
        if (left > 0) {
          store.checkInterruption();
        }
      }
      return next;
    }
  }

  static final class Init extends Node {
    private final int data;
    private final int memory;
    private final boolean wide;
    private final int a;
    private final int from;
    private final int length;
    private final int w;

    Init(int data, int memory, boolean wide, int a, int from, int length, int w) {
      this.data = data;
      this.memory = memory;
      this.wide = wide;
      this.a = a;
      this.from = from;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      DataSegment segment = in.module.datas().get(data);
      Memory to = in.memories[memory];
      long at = address(st[fp + a], wide);
      long start = address(st[fp + from], false);
      long count = address(st[fp + length], false);
      check(start, count, in.droppedData[data] ? 0 : segment.length());
      check(at, count, to.byteSize());
      store.chargeBulk(count >>> 6);
      to.write(at, segment.bytes(), segment.start() + (int) start, (int) count);
      return next;
    }
  }

  static final class DataDrop extends Node {
    private final int data;

    DataDrop(int data) {
      this.data = data;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.droppedData[data] = true;
      return next;
    }
  }
}
