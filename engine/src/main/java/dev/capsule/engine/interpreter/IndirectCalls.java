package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.TableOps;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.types.DefType;

/** Calls through tables and references (spec 4.6.10). */
final class IndirectCalls {
  private IndirectCalls() {}

  /** The function in a table's slot, if it is of the type. */
  static FuncInstance callee(ModuleInstance in, int table, long index, DefType type) {
    FuncInstance function = TableOps.callee(in.tables[table], index);
    if (function.defType != type && !function.defType.isSubtypeOf(type)) {
      throw new Trap(TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }
    return function;
  }

  static FuncInstance notNull(Object function) {
    if (function == null) {
      throw new Trap(TrapKind.NULL_FUNCTION);
    }
    return (FuncInstance) function;
  }

  /** {@code call_indirect}. */
  static final class ThroughTable extends CallNode {
    private final int table;
    private final boolean wide;
    private final int index;
    private final DefType type;

    ThroughTable(
        int table, boolean wide, int index, DefType type, int args, int w, boolean patchable) {
      super(args, w, patchable);
      this.table = table;
      this.wide = wide;
      this.index = index;
      this.type = type;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      long i = wide ? st[fp + index] : st[fp + index] & 0xFFFFFFFFL;
      return call(callee(in, table, i, type), in, fp);
    }
  }

  /** {@code call_ref}. */
  static final class ThroughReference extends CallNode {
    private final int function;

    ThroughReference(int function, int args, int w, boolean patchable) {
      super(args, w, patchable);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      return call(notNull(in.store.refs[fp + function]), in, fp);
    }
  }
}
