package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import java.util.List;

/**
 * Stands for a function that was compiled ahead and has not been called yet: the JVM verifies and
 * links a class when an object of it is made, and most functions of a program never run.
 */
final class UnlinkedBody extends CompiledBody {
  private final CompilingTier tier;
  private final FunctionCode code;
  private final Class<?> type;
  private final List<String> classes;

  UnlinkedBody(CompilingTier tier, FunctionCode code, Class<?> type, List<String> classes) {
    super(null, -1);
    this.tier = tier;
    this.code = code;
    this.type = type;
    this.classes = classes;
  }

  /** The names of all classes of the function. */
  List<String> classes() {
    return classes;
  }

  /** The function's class. */
  Class<?> type() {
    return type;
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
