package dev.capsule.engine.exec;

/** A function that a module defines, in one instance of it. */
public final class WasmFunction extends FuncInstance {
  public final ModuleInstance instance;
  public final FunctionCode code;

  public WasmFunction(ModuleInstance instance, FunctionCode code) {
    super(instance.store, code.defType);
    this.instance = instance;
    this.code = code;
  }

  @Override
  public void invoke(ExecStore store, int sp) {
    code.module.tier.invoke(store, this, sp);
  }
}
