package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExnObject;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.HeapObject;
import dev.capsule.engine.exec.I31;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Takes the frames of a computation out of a store, and puts them into another. */
public final class Suspension {
  private Suspension() {}

  /**
   * The computation that waits in a host function. The caller has made sure that it is alone in its
   * store, and that none of its frames is compiled.
   *
   * @throws IllegalStateException if it cannot be taken out
   */
  public static Suspended capture(ExecStore store, ModuleInstance in) {
    if (!(store.waiting instanceof CallNode site)) {
      throw new IllegalStateException("the host function is called by a tail call");
    }
    if (store.instance != in) {
      throw new IllegalStateException("another instance has called the host function");
    }
    List<Suspended.Frame> frames = new ArrayList<>();
    boolean[] links = new boolean[store.sp];
    CallNode at = site;
    int frame = store.fp;
    while (at != CallNode.Exit.INSTANCE) {
      Lowered function = at instanceof CallNode.Crossing ? null : Lowered.at(in, at.pc);
      if (function == null) {
        throw new IllegalStateException("the stack has frames of several instances");
      }
      int call = Arrays.asList(function.calls).indexOf(at);
      frames.add(new Suspended.Frame(function.code.index, call, frame));
      int link = frame + function.link;
      links[link] = true;
      at = (CallNode) store.refs[link];
      frame = (int) store.stack[link];
    }
    Collections.reverse(frames);
    int[] functions = new int[store.sp];
    for (int i = 0; i < functions.length; i++) {
      if (!links[i]) {
        functions[i] = reference(in, store.refs[i]);
      }
    }
    return new Suspended(
        index(in, store.host),
        in.memory0 != null,
        frames,
        Arrays.copyOf(store.stack, functions.length),
        functions);
  }

  private static int reference(ModuleInstance in, Object value) {
    return value instanceof CallNode ? 0 : functionOrNull(in, value);
  }

  /**
   * A reference as data.
   *
   * @return 0 for null, else one more than the index of the function
   * @throws IllegalStateException if it is neither null nor a function of {@code in}
   */
  public static int functionOrNull(ModuleInstance in, Object value) {
    return switch (value) {
      case null -> 0;
      case FuncInstance function -> index(in, function) + 1;
      case ExnObject exn -> throw new IllegalStateException("an exception is being handled");
      case HeapObject object ->
          throw new IllegalStateException("there is a reference to a struct or an array");
      case I31 i31 -> throw new IllegalStateException("there is a reference of type i31");
      default -> throw new IllegalStateException("there is a reference to an object of the host");
    };
  }

  private static int index(ModuleInstance in, FuncInstance function) {
    if (function instanceof WasmFunction wasm && wasm.instance == in) {
      return wasm.code.index;
    }
    for (int i = 0; i < in.module.importedFuncs(); i++) {
      if (in.funcs[i] == function) {
        return i;
      }
    }
    throw new IllegalStateException("there is a reference to a function of another instance");
  }

  /**
   * Makes sure that {@link Interpreter#resume} finds what it needs.
   *
   * @throws IllegalArgumentException if the data does not fit the code
   */
  public static void check(ModuleInstance in, Suspended suspended) {
    int imported = in.module.importedFuncs();
    int slots = suspended.slots().length;
    require(suspended.direct() == (in.memory0 != null), "memory 0 has another form here");
    require(suspended.host() >= 0 && suspended.host() < imported, "host function");
    require(suspended.functions().length == slots, "references");
    for (int function : suspended.functions()) {
      require(function >= 0 && function <= in.funcs.length, "references");
    }
    CallNode site = CallNode.Exit.INSTANCE;
    int caller = 0;
    for (Suspended.Frame frame : suspended.frames()) {
      require(frame.function() >= imported && frame.function() < in.funcs.length, "function");
      Lowered function = form(in, frame.function());
      require(frame.base() >= caller && frame.base() <= slots - function.frame, "frame");
      require(suspended.slots()[frame.base() + function.link] == caller, "link");
      require(frame.call() >= 0 && frame.call() < function.calls.length, "call");
      site = function.calls[frame.call()];
      require(site.next != null, "call");
      caller = frame.base();
    }
    require(site != CallNode.Exit.INSTANCE, "no frames");
  }

  /**
   * Makes the frames and lets the store go on in the innermost.
   *
   * @throws Trap of kind {@code CALL_STACK_EXHAUSTED} if the store's limit is too low for it
   */
  static void restore(ExecStore store, ModuleInstance in, Suspended suspended, Answer answer) {
    int slots = suspended.slots().length;
    store.ensureStack(slots);
    System.arraycopy(suspended.slots(), 0, store.stack, 0, slots);
    for (int i = 0; i < slots; i++) {
      int function = suspended.functions()[i];
      store.refs[i] = function == 0 ? null : in.func(function - 1);
    }
    CallNode site = CallNode.Exit.INSTANCE;
    int base = 0;
    for (Suspended.Frame frame : suspended.frames()) {
      Lowered function = form(in, frame.function());
      base = frame.base();
      store.depth -= function.units;
      store.refs[base + function.link] = site;
      site = function.calls[frame.call()];
    }
    if (store.depth < 0) {
      throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
    }
    store.instance = in;
    Node.leave(store, base, new Resumed(site, in.funcs[suspended.host()], answer));
  }

  private static Lowered form(ModuleInstance in, int function) {
    Lowered lowered = Interpreter.lowered(in.code.functions[function]);
    return in.memory0 == null && lowered.direct ? lowered.indirect() : lowered;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("the data does not fit the code: " + what);
    }
  }

  /** The first step of a computation that goes on: the rest of the call that it waits in. */
  private static final class Resumed extends Node {
    private final CallNode site;
    private final FuncInstance host;
    private final Answer answer;

    Resumed(CallNode site, FuncInstance host, Answer answer) {
      this.site = site;
      this.host = host;
      this.answer = answer;
      this.pc = site.pc;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.sp = fp + site.top;
      store.waiting = site;
      store.host = host;
      answer.give(host, store, fp + site.args);
      store.instance = in;
      return site.returned(store, fp, fp + site.args, host.type());
    }
  }
}
