package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import dev.capsule.engine.runtime.WasmException;
import dev.capsule.engine.types.FuncType;

/** A place to return to: a call, the end of an invocation, or the way into another instance. */
abstract class CallNode extends Node {
  /** How often a function is called between two reports that it is warm, less one. */
  private static final int WARM_MASK = 0xFFFF;

  /** The slot of the first argument. */
  final int args;

  /** The slot for the result where that is one number or one reference. */
  int result;

  /** Counted instructions up to and including the call. */
  final int w;

  private final boolean patchable;

  /** The first slot behind this frame. */
  int top;

  CallNode(int args, int w, boolean patchable) {
    this.args = args;
    this.result = args;
    this.w = w;
    this.patchable = patchable;
  }

  @Override
  void link(Linker linker, int[] c, int p) {
    top = linker.top;
  }

  @Override
  boolean redirect(int from, int to) {
    if (patchable && result == from) {
      result = to;
      return true;
    }
    return false;
  }

  /** Calls a function of any kind from the frame at {@code fp}. */
  final Node call(FuncInstance function, ModuleInstance in, int fp) {
    ExecStore store = in.store;
    if (function instanceof WasmFunction wasm) {
      Lowered callee = Interpreter.lowered(wasm.code);
      if (wasm.instance == in) {
        return enter(store, in, callee, this, fp, fp + args);
      }
      store.report(in.code);
      return enter(store, wasm.instance, callee, new Crossing(this, in), fp, fp + args);
    }
    store.sp = fp + top;
    store.waiting = this;
    store.host = function;
    function.invoke(store, fp + args);
    store.instance = in;
    return returned(store, fp, fp + args, function.type());
  }

  /**
   * Goes on behind this call after a callee that ran to its end.
   *
   * @param fp the caller's frame
   * @param base where the results lie
   */
  final Node returned(ExecStore store, int fp, int base, FuncType type) {
    if (type.results().size() == 1) {
      if (type.results().get(0).isRef()) {
        store.refs[fp + result] = store.refs[base];
      } else if (fp + result != base && type.results().get(0).slots() == 1) {
        store.stack[fp + result] = store.stack[base];
      }
    }
    return leave(store, fp, next);
  }

  /**
   * Units of depth from which on a call takes so long, because its locals are zeroed, that it looks
   * at the time: a call costs one unit of fuel whatever the frame's size.
   */
  private static final int LARGE_FRAME = 8;

  /**
   * Opens a frame at {@code base}, where the arguments lie.
   *
   * @param site where to return to
   * @param fp the caller's frame
   */
  static Node enter(
      ExecStore store, ModuleInstance in, Lowered function, CallNode site, int fp, int base) {
    if (store.fuel < 0 && function.code.comparesAtEntry()) {
      store.poll(function.code.module);
    }
    Lowered callee = in.memory0 == null && function.direct ? function.indirect() : function;
    CompiledBody compiled = callee.code.compiled;
    if (compiled != null && store.nestsJava(store.depth - callee.units) && !in.interpretOnly) {
      return compiled(compiled, store, in, callee, site, fp, base);
    }
    if ((++callee.code.heat & WARM_MASK) == 0) {
      callee.code.module.tier.warm(callee.code);
    }
    if ((store.depth -= callee.units) < 0) {
      store.depth += callee.units;
      throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
    }
    if (callee.units > LARGE_FRAME) {
      store.checkInterruption();
    }
    boolean stay = store.instance == in;
    if (base + callee.frame > store.stack.length) {
      store.ensureStack(base + callee.frame);
      stay = false;
    }
    long[] st = store.stack;
    int link = base + callee.link;
    for (int i = base + callee.zeroFrom; i < link; i++) {
      st[i] = 0;
    }
    st[link] = fp;
    Object[] refs = store.refs;
    refs[link] = site;
    if (callee.refs) {
      for (int i = base + callee.zeroFrom; i < link; i++) {
        refs[i] = null;
      }
    }
    store.fp = base;
    if (stay) {
      return callee.entry;
    }
    store.instance = in;
    store.resume = callee.entry;
    return null;
  }

  private static Node compiled(
      CompiledBody compiled,
      ExecStore store,
      ModuleInstance in,
      Lowered callee,
      CallNode site,
      int fp,
      int base) {
    store.sp =
        Math.max(site.top + fp, base + Math.max(callee.code.paramSlots, callee.code.resultSlots));
    store.ensureStack(store.sp);
    run(compiled, in, store, base);
    return settle(store, in, site, fp, base, callee.code.type);
  }

  /** Runs compiled code, which leaves it to those who catch exceptions to restore the depth. */
  private static void run(CompiledBody compiled, ModuleInstance in, ExecStore store, int base) {
    int depth = store.depth;
    int javaStack = store.javaStack();
    try {
      compiled.callOrTail(in, store, base);
    } catch (WasmException e) {
      store.depth = depth;
      store.setJavaStack(javaStack);
      throw e;
    }
  }

  /**
   * Goes on behind {@code site} after compiled code has run: makes the tail calls that it left, and
   * returns.
   *
   * @param in the instance whose code ran
   * @param fp the caller's frame
   * @param base where results, or arguments of a tail call, lie
   */
  static Node settle(
      ExecStore store, ModuleInstance in, CallNode site, int fp, int base, FuncType ran) {
    FuncType type = ran;
    FuncInstance next = store.tail;
    while (next != null) {
      store.tail = null;
      type = next.type();
      if (!(next instanceof WasmFunction wasm)) {
        next.invoke(store, base);
      } else if (wasm.code.compiled != null && !wasm.instance.interpretOnly) {
        run(wasm.code.compiled, wasm.instance, store, base);
      } else {
        CallNode back = site;
        if (wasm.instance != in && !(site instanceof Crossing) && site != Exit.INSTANCE) {
          back = new Crossing(site, in);
        }
        Node entry = enter(store, wasm.instance, Interpreter.lowered(wasm.code), back, fp, base);
        if (entry != null) {
          // What has run may have replaced the stack and memory that the loop of nodes holds.
          store.resume = entry;
        }
        return null;
      }
      next = store.tail;
    }
    store.instance = in;
    return site.returned(store, fp, base, type);
  }

  /** Ends an invocation by the host. */
  static final class Exit extends CallNode {
    static final Exit INSTANCE = new Exit();

    private Exit() {
      super(0, 0, false);
      this.next = this;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.resume = null;
      return null;
    }
  }

  /** Returns to a call in another instance. */
  static final class Crossing extends CallNode {
    final CallNode site;
    final ModuleInstance caller;

    Crossing(CallNode site, ModuleInstance caller) {
      super(site.args, 0, false);
      this.result = site.result;
      this.site = site;
      this.caller = caller;
      this.top = site.top;
      this.next = this;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.report(in.code);
      store.instance = caller;
      return leave(store, fp, site.next);
    }
  }

  /** A call of a function that the module itself defines. */
  static final class Local extends CallNode {
    private final int function;
    private Lowered callee;

    Local(int function, int args, int w, boolean patchable) {
      super(args, w, patchable);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      Lowered target = callee;
      if (target == null) {
        target = Interpreter.lowered(in.code.functions[function]);
        callee = target;
      }
      return enter(store, in, target, this, fp, fp + args);
    }
  }

  /**
   * The same in an engine that only interprets. It keeps what it needs to know of the callee, so
   * that a call touches no other object of the module: what is not in the processor's caches costs
   * more than all instructions of the call.
   */
  static final class Interpreted extends CallNode {
    /** More units than any store has: the call goes the long way. */
    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final int function;

    /** Written last: who sees it sees the others. */
    private volatile int units = UNKNOWN;

    private int frame;
    private int zeroFrom;
    private int link;
    private boolean direct;
    private Node entry;

    Interpreted(int function, int args, int w, boolean patchable) {
      super(args, w, patchable);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      long fuel = store.fuel - w;
      store.fuel = fuel;
      int base = fp + args;
      int depth = store.depth - units;
      if (fuel < 0 || depth < 0 || base + frame > st.length || direct && in.memory0 == null) {
        return general(store, in, fp, base);
      }
      store.depth = depth;
      int at = base + link;
      for (int i = base + zeroFrom; i < at; i++) {
        st[i] = 0;
      }
      st[at] = fp;
      store.refs[at] = this;
      store.fp = base;
      return entry;
    }

    private Node general(ExecStore store, ModuleInstance in, int fp, int base) {
      Lowered callee = Interpreter.lowered(in.code.functions[function]);
      if (entry == null && !callee.refs && callee.units <= LARGE_FRAME) {
        entry = callee.entry;
        frame = callee.frame;
        zeroFrom = callee.zeroFrom;
        link = callee.link;
        direct = callee.direct;
        units = callee.units;
      }
      return enter(store, in, callee, this, fp, base);
    }
  }

  /** A call of an imported function. */
  static final class Imported extends CallNode {
    private final int function;

    Imported(int function, int args, int w, boolean patchable) {
      super(args, w, patchable);
      this.function = function;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      return call(in.funcs[function], in, fp);
    }
  }
}
