package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ArrayOps;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.types.DefType;

/** Instructions on arrays. */
final class ArrayNodes {
  private ArrayNodes() {}

  static final class New extends VariableNodes.Producer {
    private final DefType type;
    private final int value;
    private final int length;
    private final int w;

    /**
     * @param value the slot of the value of all elements, or -1 for the default
     */
    New(int d, DefType type, int value, int length, int w) {
      super(d);
      this.type = type;
      this.value = value;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      int count = (int) st[fp + length];
      Object[] refs = store.refs;
      int from = fp + value;
      refs[fp + d] =
          value < 0
              ? ArrayOps.create(store, type, count)
              : ArrayOps.create(store, type, st[from], st[from + 1], refs[from], count);
      return next;
    }
  }

  static final class NewFixed extends VariableNodes.Producer {
    private final DefType type;
    private final int length;
    private final int args;
    private final int w;

    NewFixed(int d, DefType type, int length, int args, int w) {
      super(d);
      this.type = type;
      this.length = length;
      this.args = args;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      Object[] refs = store.refs;
      refs[fp + d] = ArrayOps.createFixed(store, type, length, st, refs, fp + args);
      return next;
    }
  }

  static final class NewFromSegment extends VariableNodes.Producer {
    private final boolean data;
    private final DefType type;
    private final int segment;
    private final int source;
    private final int length;
    private final int w;

    NewFromSegment(int d, boolean data, DefType type, int segment, int source, int length, int w) {
      super(d);
      this.data = data;
      this.type = type;
      this.segment = segment;
      this.source = source;
      this.length = length;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      int from = (int) st[fp + source];
      int count = (int) st[fp + length];
      in.store.refs[fp + d] =
          data
              ? ArrayOps.createFromData(in, type, segment, from, count)
              : ArrayOps.createFromElem(in, type, segment, from, count);
      return next;
    }
  }

  static final class Get extends Node {
    private final int d;
    private final int a;
    private final int index;
    private final Storage storage;
    private final boolean signed;

    Get(int d, int a, int index, Storage storage, boolean signed) {
      this.d = d;
      this.a = a;
      this.index = index;
      this.storage = storage;
      this.signed = signed;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      Object array = refs[fp + a];
      int i = (int) st[fp + index];
      switch (storage) {
        case I8 -> {
          int value = ArrayOps.get8(array, i);
          st[fp + d] = signed ? value : value & 0xFF;
        }
        case I16 -> {
          int value = ArrayOps.get16(array, i);
          st[fp + d] = signed ? value : value & 0xFFFF;
        }
        case BITS32 -> st[fp + d] = ArrayOps.get32(array, i);
        case BITS64 -> st[fp + d] = ArrayOps.get64(array, i);
        case V128 -> {
          st[fp + d] = ArrayOps.get128(array, i, 0);
          st[fp + d + 1] = ArrayOps.get128(array, i, 1);
        }
        case REF -> refs[fp + d] = ArrayOps.getRef(array, i);
      }
      return next;
    }
  }

  static final class Set extends Node {
    private final int a;
    private final int index;
    private final Storage storage;
    private final int value;

    Set(int a, int index, Storage storage, int value) {
      this.a = a;
      this.index = index;
      this.storage = storage;
      this.value = value;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      Object array = refs[fp + a];
      int i = (int) st[fp + index];
      int from = fp + value;
      switch (storage) {
        case I8 -> ArrayOps.set8(array, i, (int) st[from]);
        case I16 -> ArrayOps.set16(array, i, (int) st[from]);
        case BITS32 -> ArrayOps.set32(array, i, (int) st[from]);
        case BITS64 -> ArrayOps.set64(array, i, st[from]);
        case V128 -> ArrayOps.set128(array, i, st[from], st[from + 1]);
        case REF -> ArrayOps.setRef(array, i, refs[from]);
      }
      return next;
    }
  }

  static final class Length extends VariableNodes.Producer {
    private final int a;

    Length(int d, int a) {
      super(d);
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = ArrayOps.length(in.store.refs[fp + a]);
      return next;
    }
  }

  static Node fill(int a, int index, int value, int length, int w) {
    return new BulkNode(w) {
      @Override
      void move(ModuleInstance in, long[] st, int fp) {
        Object[] refs = in.store.refs;
        int from = fp + value;
        int i = (int) st[fp + index];
        int count = (int) st[fp + length];
        ArrayOps.fill(in.store, refs[fp + a], i, st[from], st[from + 1], refs[from], count);
      }
    };
  }

  static Node copy(int a, int index, int source, int from, int length, int w) {
    return new BulkNode(w) {
      @Override
      void move(ModuleInstance in, long[] st, int fp) {
        Object[] refs = in.store.refs;
        ArrayOps.copy(
            in.store,
            refs[fp + a],
            (int) st[fp + index],
            refs[fp + source],
            (int) st[fp + from],
            (int) st[fp + length]);
      }
    };
  }

  /** {@code array.init_data} and {@code array.init_elem}. */
  static Node init(boolean data, int a, int index, int segment, int source, int length, int w) {
    return new BulkNode(w) {
      @Override
      void move(ModuleInstance in, long[] st, int fp) {
        Object array = in.store.refs[fp + a];
        int i = (int) st[fp + index];
        int from = (int) st[fp + source];
        int count = (int) st[fp + length];
        if (data) {
          ArrayOps.initData(in, array, i, segment, from, count);
        } else {
          ArrayOps.initElem(in, array, i, segment, from, count);
        }
      }
    };
  }
}
