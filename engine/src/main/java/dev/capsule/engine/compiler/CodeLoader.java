package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.types.DefType;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * The loader of one module's compiled code. Generated classes ask it for their constants. It lives
 * as long as the module's code is attached to the module, or something compiled is still reachable.
 */
public final class CodeLoader extends ClassLoader {
  private final WeakReference<ModuleCode> code;
  private final Signatures signatures;

  static {
    registerAsParallelCapable();
  }

  /**
   * @param name tells this loader's classes in stack traces from those of other modules
   */
  CodeLoader(String name, ModuleCode code, Signatures signatures) {
    super(name, signatures);
    this.code = new WeakReference<>(code);
    this.signatures = signatures;
    Access.grant(this);
  }

  Signatures signatures() {
    return signatures;
  }

  /** The function at an index; its entry is never null. */
  public FunctionCode function(int index) {
    FunctionCode function = code().functions[index];
    Callables.ensureEntry(function, signatures);
    return function;
  }

  public DefType type(int index) {
    return code().module.defType(index);
  }

  public StructLayout layout(int index) {
    return code().layout(index);
  }

  ModuleCode code() {
    ModuleCode alive = code.get();
    if (alive == null) {
      throw new IllegalStateException("the module is gone");
    }
    return alive;
  }

  /** Defines a function's classes; gives its entry for any instance. */
  CompiledBody define(List<FunctionCompiler.Generated> classes) {
    Class<?> own = null;
    for (int i = classes.size() - 1; i >= 0; i--) {
      FunctionCompiler.Generated generated = classes.get(i);
      own =
          defineClass(
              generated.name().replace('/', '.'), generated.bytes(), 0, generated.bytes().length);
    }
    return instantiate(own, null);
  }

  /** A callable of a compiled function for an instance, or for whichever the caller passes. */
  static CompiledBody instantiate(Class<?> type, ModuleInstance instance) {
    try {
      return (CompiledBody) type.getConstructor(ModuleInstance.class).newInstance(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("class " + type.getName() + " cannot be used", e);
    }
  }
}
