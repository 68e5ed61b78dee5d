package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;

/** Makes the objects through which compiled code calls functions. */
public final class Callables {
  /**
   * Guards the first setting of entries. Not the function's own lock: classes that are initialised
   * while their function is locked ask for the entries of others.
   */
  private static final Object ENTRIES = new Object();

  private Callables() {}

  /** A function is compiled. */
  static void compiled(FunctionCode function, CompiledBody body) {
    function.compiled = body;
    synchronized (ENTRIES) {
      function.entry = body;
    }
  }

  /** The callable of a function reference, made when first called from compiled code. */
  static Object make(FuncInstance function) {
    boolean compilable = false;
    if (function instanceof WasmFunction wasm && !wasm.instance.interpretOnly) {
      CompiledBody compiled = CompilingTier.compiledForCall(function.store, wasm.code);
      if (compiled != null) {
        function.callable = CodeLoader.instantiate(compiled.getClass(), wasm.instance);
        return function.callable;
      }
      compilable = true;
    }
    if (function.passing == null) {
      Signatures signatures = CompilingTier.signatures(function.store);
      function.passing = signatures.slotCallable(function, 0, JvmSignature.of(function.type()));
    }
    if (!compilable) {
      function.callable = function.passing;
    }
    return function.passing;
  }

  /** Gives a function an entry that compiled code can call, compiled or through slots. */
  static void ensureEntry(FunctionCode function, Signatures signatures) {
    if (function.entry == null) {
      JvmSignature signature = JvmSignature.of(function.type);
      CompiledBody entry = (CompiledBody) signatures.slotCallable(null, function.index, signature);
      synchronized (ENTRIES) {
        if (function.entry == null) {
          CompiledBody compiled = function.compiled;
          boolean linked = compiled != null && !(compiled instanceof UnlinkedBody);
          function.entry = linked ? compiled : entry;
        }
      }
    }
  }

  /**
   * Runs a function in the interpreter because Java frames nest too deeply. Its arguments are in
   * slots from store.sp on.
   */
  public static void deep(ModuleInstance instance, int index) {
    ExecStore store = instance.store;
    int sp = store.sp;
    CompilingTier.interpret(store, instance.func(index), sp);
    store.sp = sp;
  }

  /**
   * Asks for fuel where a function was about to begin.
   *
   * @param left what is left for calls once the function has been called again
   * @return whether the function may be called again; else the interpreter takes the call over
   */
  public static boolean refuel(ExecStore store, int left) {
    if (left < 0) {
      return false;
    }
    store.poll();
    return true;
  }

  /**
   * Makes the tail calls that compiled code has left, one after the other.
   *
   * @param left what is left for them
   */
  public static void settle(ExecStore store, int left) {
    store.takeLeft(left);
    int sp = store.sp;
    while (store.tail != null) {
      FuncInstance next = store.tail;
      store.tail = null;
      if (next instanceof WasmFunction wasm
          && wasm.code.compiled != null
          && !wasm.instance.interpretOnly
          && store.nestsJava(store.depth - 1)) {
        wasm.code.compiled.callOrTail(wasm.instance, store, sp);
      } else {
        next.invoke(store, sp);
      }
      store.sp = sp;
    }
  }
}
