package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.ModuleInstance;

/**
 * Calls a function through slots for compiled code, which has put the arguments from store.sp on:
 * one function, or the function at an index of whichever instance the caller runs in.
 */
public final class SlotCallable {
  private final FuncInstance function;
  private final int index;
  private int calls;

  /**
   * What has taken the place of this; null as long as nothing has. Arrays of callables that tables
   * had found before still lead here.
   */
  public Object successor;

  public SlotCallable(FuncInstance function, int index) {
    this.function = function;
    this.index = index;
  }

  /** Runs the function; results are left from store.sp on. */
  public void invoke(ModuleInstance caller) {
    ExecStore store = caller.store;
    FuncInstance callee = function != null ? function : caller.func(index);
    int sp = store.sp;
    callee.invoke(store, sp);
    // The interpreter moves the stack pointer as its frames come and go.
    store.sp = sp;
    if (++calls == HostCallables.MANY) {
      HostCallables.make(callee);
      if (function != null && function.callable != function.passing) {
        successor = function.callable;
      }
    }
  }
}
