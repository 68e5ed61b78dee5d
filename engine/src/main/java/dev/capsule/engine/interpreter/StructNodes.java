package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.Storage;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.exec.StructOps;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/** Instructions on structs and i31 references. */
final class StructNodes {
  private StructNodes() {}

  static final class New extends VariableNodes.Producer {
    private final StructLayout layout;
    private final int args;

    /**
     * @param args the slot of the first operand, or -1 for default values
     */
    New(int d, StructLayout layout, int args) {
      super(d);
      this.layout = layout;
      this.args = args;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      Object[] refs = store.refs;
      refs[fp + d] =
          args < 0
              ? StructOps.create(store, layout)
              : StructOps.create(store, layout, st, refs, fp + args);
      return next;
    }
  }

  static final class Get extends Node {
    private final int d;
    private final int a;
    private final int position;
    private final Storage storage;
    private final boolean signed;

    Get(int d, int a, int position, Storage storage, boolean signed) {
      this.d = d;
      this.a = a;
      this.position = position;
      this.storage = storage;
      this.signed = signed;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      Object object = refs[fp + a];
      switch (storage) {
        case REF -> refs[fp + d] = StructOps.getRef(object, position);
        case V128 -> {
          st[fp + d] = StructOps.get(object, position);
          st[fp + d + 1] = StructOps.get(object, position + 1);
        }
        case I8 -> {
          long value = StructOps.get(object, position);
          st[fp + d] = signed ? (byte) value : value;
        }
        case I16 -> {
          long value = StructOps.get(object, position);
          st[fp + d] = signed ? (short) value : value;
        }
        default -> st[fp + d] = StructOps.get(object, position);
      }
      return next;
    }
  }

  static final class Set extends Node {
    private final int a;
    private final int position;
    private final Storage storage;
    private final int value;

    Set(int a, int position, Storage storage, int value) {
      this.a = a;
      this.position = position;
      this.storage = storage;
      this.value = value;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      Object object = refs[fp + a];
      switch (storage) {
        case REF -> StructOps.setRef(object, position, refs[fp + value]);
        case V128 -> {
          StructOps.set(object, position, st[fp + value]);
          StructOps.set(object, position + 1, st[fp + value + 1]);
        }
        case I8 -> StructOps.set(object, position, st[fp + value] & 0xFF);
        case I16 -> StructOps.set(object, position, st[fp + value] & 0xFFFF);
        default -> StructOps.set(object, position, st[fp + value]);
      }
      return next;
    }
  }

  static final class I31New extends VariableNodes.Producer {
    private final int a;

    I31New(int d, int a) {
      super(d);
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.refs[fp + d] = I31.of((int) st[fp + a]);
      return next;
    }
  }

  static final class I31Get extends VariableNodes.Producer {
    private final int a;
    private final boolean signed;

    I31Get(int d, int a, boolean signed) {
      super(d);
      this.a = a;
      this.signed = signed;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      I31 number = (I31) in.store.refs[fp + a];
      if (number == null) {
        throw new Trap(TrapKind.NULL_I31);
      }
      st[fp + d] = signed ? number.value() : number.unsigned();
      return next;
    }
  }
}
