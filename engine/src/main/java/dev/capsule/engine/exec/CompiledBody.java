package dev.capsule.engine.exec;

/** The entry from other tiers into compiled code: moves arguments and results between slots. */
public abstract class CompiledBody {
  /** The instance whose function this is; null where it is whichever the caller passes. */
  public final ModuleInstance instance;

  /** The index of the compiled function in its module; -1 where this passes calls on. */
  public final int function;

  protected CompiledBody(ModuleInstance instance, int function) {
    this.instance = instance;
    this.function = function;
  }

  /**
   * Runs the function for {@code instance} to its end; arguments and results as in {@link
   * FuncInstance#invoke}.
   */
  public abstract void call(ModuleInstance instance, ExecStore store, int sp);

  /**
   * Like {@link #call}, but where the function ends in a tail call it may leave that to the caller:
   * then {@link ExecStore#tail} is the function to call next, with its arguments at {@code sp}.
   * Whoever calls in a loop (a tier's own loop, or a trampoline) uses this, so that chains of tail
   * calls across tiers do not grow the Java stack.
   */
  public void callOrTail(ModuleInstance instance, ExecStore store, int sp) {
    call(instance, store, sp);
  }

  /**
   * Continues an activation that the interpreter has begun, at a loop's header (on-stack
   * replacement). The frame's parameters and locals lie in slots from {@code fp} on; results are
   * left there, or a tail call as by {@link #callOrTail}. The activation's call depth has been
   * charged.
   *
   * @param header offset of the {@code loop} instruction in the module's bytes
   * @return false where there is no entry for this loop; then nothing has happened
   */
  public boolean resume(ModuleInstance instance, ExecStore store, int fp, int header) {
    return false;
  }
}
