package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.StructLayout;
import dev.capsule.engine.types.DefType;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;

/**
 * The loader of one module's compiled code. Generated classes ask it for their constants. It lives
 * as long as the module's code is attached to the module, or something compiled is still reachable.
 */
public final class CodeLoader extends ClassLoader {
  private final WeakReference<ModuleCode> code;
  private final Signatures signatures;
  private final Optional<StoredCode> stored;
  private final TableFunctions tableFunctions;
  private final String[] methodNames;
  private volatile boolean compilesAll;

  static {
    registerAsParallelCapable();
  }

  /**
   * @param name tells this loader's classes in stack traces from those of other modules
   * @param stored the module's code in the cache
   */
  CodeLoader(String name, ModuleCode code, Signatures signatures, Optional<StoredCode> stored) {
    super(name, signatures);
    this.stored = stored;
    this.code = new WeakReference<>(code);
    this.signatures = signatures;
    this.tableFunctions = new TableFunctions(code.module);
    this.methodNames = new String[code.functions.length];
    Access.grant(this);
  }

  /** The module's code in the cache, if the engine has one. */
  Optional<StoredCode> stored() {
    return stored;
  }

  /** What calls through the module's tables may find. */
  TableFunctions tableFunctions() {
    return tableFunctions;
  }

  /**
   * Every function is compiled before its first call from now on, so code may name the classes of
   * all.
   */
  void compileAll() {
    compilesAll = true;
  }

  boolean compilesAll() {
    return compilesAll;
  }

  Signatures signatures() {
    return signatures;
  }

  /** The name of a function's method. Threads may race to make one, which are equal. */
  String methodName(int index) {
    String name = methodNames[index];
    if (name == null) {
      name = Names.method(code().module.funcName(index));
      methodNames[index] = name;
    }
    return name;
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

  /**
   * Code names the classes of functions that need not be compiled yet. One that cannot be compiled
   * gets a class that passes calls on to the interpreter.
   */
  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    ModuleCode alive = code();
    int index = Names.functionIndex(name);
    if (index < alive.module.importedFuncs() || index >= alive.functions.length) {
      throw new ClassNotFoundException(name);
    }
    ((CompilingTier) alive.tier).compileCallee(alive.functions[index]);
    Class<?> loaded = findLoadedClass(name);
    return loaded != null
        ? loaded
        : define(List.of(EntryCode.passing(alive.functions[index], this)));
  }

  ModuleCode code() {
    ModuleCode alive = code.get();
    if (alive == null) {
      throw new IllegalStateException("the module is gone");
    }
    return alive;
  }

  /** Defines a function's classes; gives its own. */
  Class<?> define(List<FunctionCompiler.Generated> classes) {
    Class<?> own = null;
    for (int i = classes.size() - 1; i >= 0; i--) {
      FunctionCompiler.Generated generated = classes.get(i);
      own =
          defineClass(
              generated.name().replace('/', '.'), generated.bytes(), 0, generated.bytes().length);
    }
    return own;
  }

  /**
   * Initializes a function's classes before it runs: where HotSpot compiles a call into a class
   * that is not initialized, it gives the code up when the call is made.
   *
   * @throws LinkageError if the JVM refuses one
   */
  void initialize(List<String> classes) {
    for (String name : classes) {
      try {
        Class.forName(name.replace('/', '.'), true, this);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(name + " is not defined", e);
      }
    }
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
