package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import java.util.List;

/**
 * Stands for a function that was compiled ahead and has not been called yet. The JVM gets its
 * classes then: parsing them is a good part of what compiling takes, and most functions of a
 * program never run.
 */
final class UnlinkedBody extends CompiledBody {
  private final CompilingTier tier;
  private final FunctionCode code;
  private final List<FunctionCompiler.Generated> classes;

  UnlinkedBody(CompilingTier tier, FunctionCode code, List<FunctionCompiler.Generated> classes) {
    super(null, -1);
    this.tier = tier;
    this.code = code;
    this.classes = classes;
  }

  /** All classes of the function. */
  List<FunctionCompiler.Generated> classes() {
    return classes;
  }

  @Override
  public void call(ModuleInstance instance, ExecStore store, int sp) {
    CompiledBody linked = tier.compile(code);
    if (linked == null) {
      CompilingTier.interpret(store, instance.func(code.index), sp);
    } else {
      linked.call(instance, store, sp);
    }
  }

  @Override
  public void callOrTail(ModuleInstance instance, ExecStore store, int sp) {
    CompiledBody linked = tier.compile(code);
    if (linked == null) {
      CompilingTier.interpret(store, instance.func(code.index), sp);
    } else {
      linked.callOrTail(instance, store, sp);
    }
  }
}
