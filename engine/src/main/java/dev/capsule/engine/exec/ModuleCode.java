package dev.capsule.engine.exec;

import dev.capsule.engine.module.Module;

/** What an engine has made of a validated module; shared by its instances in all stores. */
public final class ModuleCode {
  public final Module module;
  public final ExecutionTier tier;

  /** By function index; null for imports. */
  public final FunctionCode[] functions;

  public ModuleCode(Module module, ExecutionTier tier) {
    this.module = module;
    this.tier = tier;
    this.functions = new FunctionCode[module.funcCount()];
    for (int i = module.importedFuncs(); i < functions.length; i++) {
      functions[i] = new FunctionCode(this, i, (dev.capsule.engine.types.DefType) module.func(i));
    }
  }
}
