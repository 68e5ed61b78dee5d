package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.LinearMemory;
import dev.capsule.engine.exec.MemoryOps;
import dev.capsule.engine.exec.ModuleInstance;

/** Memory instructions on whole ranges and on memories that are not one array (spec 4.6.7). */
final class MemoryNodes {
  private MemoryNodes() {}

  /** The number in a slot that holds an address or a size. */
  static long address(long slot, boolean wide) {
    return wide ? slot : slot & 0xFFFFFFFFL;
  }

  static long effective(long slot, boolean wide, long offset) {
    return LinearMemory.effective(address(slot, wide), offset);
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
      LinearMemory from = in.memories[memory];
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
      LinearMemory to = in.memories[memory];
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
      st[fp + d] = MemoryOps.grow(store, in.memories[memory], address(st[fp + a], wide));
      return leave(store, fp, next);
    }
  }

  static RangeNode.Move fill(int memory) {
    return (in, to, value, length) ->
        MemoryOps.fill(in.store, in.memories[memory], to, (int) value, length);
  }

  static RangeNode.Move copy(int target, int source) {
    return (in, to, from, length) ->
        MemoryOps.copy(in.store, in.memories[target], to, in.memories[source], from, length);
  }

  static RangeNode.Move init(int data, int memory) {
    return (in, to, from, length) ->
        MemoryOps.init(in, data, in.memories[memory], to, (int) from, (int) length);
  }

  static final class DataDrop extends Node {
    private final int data;

    DataDrop(int data) {
      this.data = data;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      MemoryOps.drop(in, data);
      return next;
    }
  }
}
