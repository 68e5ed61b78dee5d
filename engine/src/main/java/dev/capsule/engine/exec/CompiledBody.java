package dev.capsule.engine.exec;

/** The entry from other tiers into compiled code: moves arguments and results between slots. */
public abstract class CompiledBody {
  /**
   * Runs the function for {@code instance}; arguments and results as in {@link
   * FuncInstance#invoke}.
   */
  public abstract void call(ModuleInstance instance, ExecStore store, int sp);
}
