package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.types.DefType;
import java.util.Arrays;

/** Tail calls: the callee's frame takes the place of the caller's, its link is the caller's. */
final class TailCalls {
  private TailCalls() {}

  /** What all of them do. */
  abstract static class TailCall extends Node {
    private final int args;
    private final int slots;
    final int w;
    private int link;
    private int units;
    private int top;
    private boolean refs;

    TailCall(int args, int slots, int w) {
      this.args = args;
      this.slots = slots;
      this.w = w;
    }

    @Override
    void link(Linker linker, int[] c, int p) {
      link = linker.link;
      units = linker.units;
      top = linker.top;
      refs = linker.refs;
    }

    final Node call(FuncInstance function, ModuleInstance in, int fp) {
      ExecStore store = in.store;
      long[] st = store.stack;
      Object[] refs = store.refs;
      CallNode site = (CallNode) refs[fp + link];
      int caller = (int) st[fp + link];
      store.depth += units;
      System.arraycopy(st, fp + args, st, fp, slots);
      if (this.refs) {
        System.arraycopy(refs, fp + args, refs, fp, slots);
        Arrays.fill(refs, fp + slots, fp + top, null);
      }
      try {
        if (function instanceof WasmFunction wasm) {
          if (wasm.instance != in
              && !(site instanceof CallNode.Crossing)
              && site != CallNode.Exit.INSTANCE) {
            site = new CallNode.Crossing(site, in);
          }
          return CallNode.enter(
              store, wasm.instance, Interpreter.lowered(wasm.code), site, caller, fp);
        }
        store.sp = fp + top;
        store.waiting = null;
        function.invoke(store, fp);
      } catch (RuntimeException | Error e) {
        throw new CallerFault(e, site, caller);
      }
      return site.returned(store, caller, fp, function.type());
    }
  }

  static final class Local extends TailCall {
    private final int function;

    Local(int function, int args, int slots, int w) {
      super(args, slots, w);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      return call(in.func(function), in, fp);
    }
  }

  static final class Imported extends TailCall {
    private final int function;

    Imported(int function, int args, int slots, int w) {
      super(args, slots, w);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      return call(in.funcs[function], in, fp);
    }
  }

  static final class ThroughTable extends TailCall {
    private final int table;
    private final boolean wide;
    private final int index;
    private final DefType type;

    ThroughTable(int table, boolean wide, int index, DefType type, int args, int slots, int w) {
      super(args, slots, w);
      this.table = table;
      this.wide = wide;
      this.index = index;
      this.type = type;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      long i = MemoryNodes.address(st[fp + index], wide);
      return call(IndirectCalls.callee(in, table, i, type), in, fp);
    }
  }

  static final class ThroughReference extends TailCall {
    private final int function;

    ThroughReference(int function, int args, int slots, int w) {
      super(args, slots, w);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      return call(IndirectCalls.notNull(in.store.refs[fp + function]), in, fp);
    }
  }
}
