package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.HeapObject;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.References;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.RefType;

/** Reference instructions and branches on references (spec 4.6.3, 4.6.8). */
final class ReferenceNodes {
  private ReferenceNodes() {}

  static final class Null extends VariableNodes.Producer {
    Null(int d) {
      super(d);
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.refs[fp + d] = null;
      return next;
    }
  }

  static final class IsNull extends VariableNodes.Producer {
    private final int a;

    IsNull(int d, int a) {
      super(d);
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = in.store.refs[fp + a] == null ? 1 : 0;
      return next;
    }
  }

  static final class Func extends VariableNodes.Producer {
    private final int function;

    Func(int d, int function) {
      super(d);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.refs[fp + d] = in.func(function);
      return next;
    }
  }

  static final class Eq extends VariableNodes.Producer {
    private final int a;
    private final int b;

    Eq(int d, int a, int b) {
      super(d);
      this.a = a;
      this.b = b;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      st[fp + d] = References.same(refs[fp + a], refs[fp + b]) ? 1 : 0;
      return next;
    }
  }

  /** {@code ref.as_non_null}; the value stays where it is. */
  static final class AsNonNull extends Node {
    private final int a;

    AsNonNull(int a) {
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      if (in.store.refs[fp + a] == null) {
        throw new Trap(TrapKind.NULL_REFERENCE);
      }
      return next;
    }
  }

  /** Whether a reference is of a type, with a short way for defined types. */
  static boolean is(Object ref, RefType type) {
    if (ref != null && type.heap() instanceof DefType def) {
      DefType actual =
          ref instanceof HeapObject object
              ? object.type
              : ref instanceof FuncInstance func ? func.defType : null;
      return actual == def || actual != null && actual.isSubtypeOf(def);
    }
    return References.test(ref, type);
  }

  static final class Test extends VariableNodes.Producer {
    private final int a;
    private final RefType type;

    Test(int d, int a, RefType type) {
      super(d);
      this.a = a;
      this.type = type;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      st[fp + d] = is(in.store.refs[fp + a], type) ? 1 : 0;
      return next;
    }
  }

  /** {@code ref.cast}; the value stays where it is. */
  static final class Cast extends Node {
    private final int a;
    private final RefType type;

    Cast(int a, RefType type) {
      this.a = a;
      this.type = type;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      if (!is(in.store.refs[fp + a], type)) {
        throw new Trap(TrapKind.CAST_FAILURE);
      }
      return next;
    }
  }

  /** {@code br_on_null}, {@code br_on_cast} and their opposites. */
  static final class Branch extends Node {
    private final int a;
    private final RefType type;
    private final boolean whenNot;
    private final Jump jump;
    private Node target;

    /**
     * @param type branch if the reference is of this type; null for the null reference
     * @param whenNot branch if it is not
     */
    Branch(int a, RefType type, boolean whenNot, Jump jump) {
      this.a = a;
      this.type = type;
      this.whenNot = whenNot;
      this.jump = jump;
    }

    @Override
    void link(Linker linker, int[] c, int p) {
      target = linker.at(jump.pc);
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object ref = in.store.refs[fp + a];
      boolean is = type == null ? ref == null : is(ref, type);
      if (is == whenNot) {
        return next;
      }
      if ((in.store.fuel -= jump.fuel) < 0 && jump.back) {
        return poll(in, fp, target);
      }
      return target;
    }
  }
}
