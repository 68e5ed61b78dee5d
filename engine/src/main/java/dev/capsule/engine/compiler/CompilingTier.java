package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.CompiledBody;
import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExecutionTier;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.RunningStore;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.EngineStatistics;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.types.FuncType;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tier that compiles: every function before its first call, or, with the interpreter in front,
 * those that run often.
 */
public final class CompilingTier implements ExecutionTier {
  /** The heat at which a function with a running loop is compiled: a few slices of fuel. */
  private static final int LOOP_HEAT = 2560;

  /**
   * A module that has run for less is interpreted: what is compiled runs slower at first, until the
   * JVM has compiled it in its turn, and many programs end before that. In units of fuel, some
   * seconds: they are counted in any case, and a busy machine does not change them.
   */
  static final long PATIENCE = 450_000_000;

  /** When patience ends in any case: exceptions, say, take much time for little fuel. */
  private static final long LONGEST_PATIENCE = 10_000_000_000L;

  /** Counts loaders of all engines: a stack trace may have frames of several. */
  private static final AtomicInteger LOADERS = new AtomicInteger();

  private final EngineConfig config;
  private final ExecutionTier interpreter;
  private final Signatures signatures = new Signatures();
  private final CompileQueue queue;
  private final Optional<CodeCache> cache;
  private final Map<String, WeakReference<CodeLoader>> byName = new ConcurrentHashMap<>();
  private final CompilationCounters counters = new CompilationCounters();

  /** Tiers are made by the engine, by name. */
  public CompilingTier(EngineConfig config, ExecutionTier interpreter) {
    this.config = config;
    this.interpreter = interpreter;
    this.queue = new CompileQueue(config.background());
    this.cache = config.codeCache().map(directory -> new CodeCache(directory, config));
  }

  @Override
  public void invoke(ExecStore store, WasmFunction function, int sp) {
    FunctionCode code = function.code;
    CompiledBody compiled = code.compiled;
    if (compiled == null && config.tier() == Tier.JIT) {
      compiled = compile(store, code);
    }
    if (compiled == null || function.instance.interpretOnly || !store.nestsJava(store.depth - 1)) {
      interpreter.invoke(store, function, sp);
      store.report(code.module);
    } else {
      compiled.call(function.instance, store, sp);
    }
  }

  @Override
  public EngineStatistics statistics(int interpreted) {
    return counters.statistics(interpreted, queue.waiting());
  }

  @Override
  public void warm(FunctionCode function) {
    if (function.compiled == null && isWorthIt(function.module)) {
      queue.add(function, this::compile);
    }
  }

  @Override
  public CompiledBody forLoops(FunctionCode function) {
    if (function.heat >= LOOP_HEAT && !function.uncompilable && isWorthIt(function.module)) {
      queue.add(function, this::compileForLoops);
    }
    return function.loops;
  }

  /** Compiles a function for the loops in it that run. */
  private void compileForLoops(FunctionCode function) {
    CompiledBody body = compile(function);
    if (body == null || function.loops != null) {
      return;
    }
    synchronized (function) {
      long start = System.nanoTime();
      try {
        CodeLoader loader = loader(function.module);
        var classes =
            isSplit(body)
                ? List.<FunctionCompiler.Generated>of()
                : code(function, loader, true, true).classes;
        function.loops =
            classes.isEmpty() ? body : CodeLoader.instantiate(loader.define(classes), null);
        counters.generated(classes, System.nanoTime() - start);
      } catch (RuntimeException | LinkageError | VirtualMachineError e) {
        function.loops = body;
        counters.failed(function, e);
      }
    }
  }

  /** Split functions have their loop entries in the class itself. */
  private static boolean isSplit(CompiledBody body) {
    try {
      return body.getClass().getMethod("resume", RESUME).getDeclaringClass() == body.getClass();
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static final Class<?>[] RESUME = {
    ModuleInstance.class, ExecStore.class, int.class, int.class
  };

  /** Classes that were generated, or found in the cache. */
  private record Code(List<FunctionCompiler.Generated> classes, boolean stored) {}

  private static Code code(FunctionCode function, CodeLoader loader, boolean loops, boolean warm) {
    int number = StoredCode.number(function.index, loops);
    var found = loader.stored().flatMap(stored -> stored.find(number));
    if (found.isPresent()) {
      return new Code(found.get(), true);
    }
    FunctionCompiler compiler = new FunctionCompiler(function, loader);
    var classes = loops ? compiler.compileLoops() : compiler.compile();
    loader.stored().ifPresent(stored -> stored.add(number, classes, warm));
    return new Code(classes, false);
  }

  /** Compiles a function unless that is done; null where it failed, which is counted. */
  CompiledBody compile(FunctionCode function) {
    return compile(function, true);
  }

  /**
   * @param wanted whether the function is about to run, and so probably in the next process as
   *     well; another's classes are generated and not linked
   */
  private CompiledBody compile(FunctionCode function, boolean wanted) {
    if (isDone(function, wanted)) {
      return function.compiled;
    }
    CodeLoader loader = loader(function.module);
    synchronized (function) {
      if (isDone(function, wanted)) {
        return function.compiled;
      }
      try {
        long start = System.nanoTime();
        if (function.compiled instanceof UnlinkedBody unlinked) {
          link(function, loader, unlinked.classes());
          counters.linked(System.nanoTime() - start);
          return function.compiled;
        }
        Code code = code(function, loader, false, wanted);
        if (wanted) {
          link(function, loader, code.classes);
        } else {
          function.compiled = new UnlinkedBody(this, function, code.classes);
        }
        counters.compiled(code.classes, code.stored, System.nanoTime() - start);
        return function.compiled;
      } catch (RuntimeException | LinkageError | VirtualMachineError e) {
        function.uncompilable = true;
        function.compiled = null;
        counters.failed(function, e);
        return null;
      }
    }
  }

  /** Lets a function run its code. */
  private static void link(
      FunctionCode function, CodeLoader loader, List<FunctionCompiler.Generated> classes) {
    Class<?> type = loader.define(classes);
    loader.initialize(classes.stream().map(FunctionCompiler.Generated::name).toList());
    Callables.compiled(function, CodeLoader.instantiate(type, null));
  }

  private static boolean isDone(FunctionCode function, boolean wanted) {
    CompiledBody compiled = function.compiled;
    return function.uncompilable
        || compiled != null && !(wanted && compiled instanceof UnlinkedBody);
  }

  private CodeLoader loader(ModuleCode code) {
    synchronized (code) {
      if (code.compiler == null) {
        String name = "wasm-" + LOADERS.incrementAndGet();
        CodeLoader loader =
            new CodeLoader(name, code, signatures, cache.map(files -> files.open(code)));
        if (config.tier() == Tier.JIT) {
          loader.compileAll();
        }
        if (cache.isPresent()) {
          announce(code.module);
        }
        byName.values().removeIf(reference -> reference.get() == null);
        byName.put(name, new WeakReference<>(loader));
        code.compiler = loader;
      }
      return (CodeLoader) code.compiler;
    }
  }

  /** Stored code may refer to the class of any signature of its module. */
  private void announce(Module module) {
    for (int i = 0; i < module.typeCount(); i++) {
      if (module.defType(i).expand() instanceof FuncType type) {
        signatures.announce(JvmSignature.of(type));
      }
    }
  }

  /**
   * Whether a module has run for so long that it pays to compile it. Without background threads it
   * always has: they are left out for the sake of reproducible runs.
   */
  private boolean isWorthIt(ModuleCode code) {
    if (code.lasting) {
      return true;
    }
    if (config.background()
        && code.interpreted < PATIENCE
        && System.nanoTime() - code.made < LONGEST_PATIENCE) {
      return false;
    }
    code.lasting = true;
    if (cache.isPresent()) {
      queue.first(() -> loadStored(code));
    }
    return true;
  }

  /** Takes from the cache what was warm in earlier processes. */
  private void loadStored(ModuleCode code) {
    loader(code)
        .stored()
        .ifPresent(
            stored -> {
              for (int index : stored.warm()) {
                if (index >= code.module.importedFuncs() && index < code.functions.length) {
                  compile(code.functions[index]);
                }
              }
            });
  }

  @Override
  public void precompile(ModuleCode code) {
    loader(code).compileAll();
    new Precompilation(code, function -> compile(function, false)).run();
    loader(code).stored().ifPresent(StoredCode::save);
  }

  // For generated code, by way of its support classes.

  static Signatures signatures(ExecStore store) {
    return ((CompilingTier) store.tier()).signatures;
  }

  static void interpret(ExecStore store, FuncInstance function, int sp) {
    WasmFunction wasm = (WasmFunction) function;
    ((CompilingTier) store.tier()).interpreter.invoke(store, wasm, sp);
    store.report(wasm.code.module);
  }

  /** The compiled form for a call from compiled code, made now where the tier is for that. */
  static CompiledBody compiledForCall(ExecStore store, FunctionCode function) {
    CompilingTier tier = (CompilingTier) store.tier();
    return tier.config.tier() == Tier.JIT || function.compiled != null
        ? tier.compile(store, function)
        : null;
  }

  /**
   * Compiles a function for a call of a store's code, unless that is to stop: one slice of fuel is
   * enough to call many that are not compiled.
   */
  private CompiledBody compile(ExecStore store, FunctionCode function) {
    if (!isDone(function, true)) {
      store.checkInterruption();
    }
    return compile(function);
  }

  /** The same for a call that names the function's class, when the JVM asks for that. */
  void compileCallee(FunctionCode function) {
    if (!isDone(function, true)) {
      RunningStore.innermost()
          .filter(store -> store.tier() == this)
          .ifPresent(store -> checkBeforeCall(store, function));
    }
    compile(function);
  }

  /** Looks at the time where a call's own part of the callee's fuel is charged already. */
  private static void checkBeforeCall(ExecStore store, FunctionCode callee) {
    long before = CallerFuel.of(callee).before();
    store.fuel += before;
    store.checkInterruption();
    store.fuel -= before;
  }

  /** The module that a loader's classes are of; null where it is gone. */
  static ModuleCode code(ExecStore store, String loaderName) {
    WeakReference<CodeLoader> loader =
        loaderName == null ? null : ((CompilingTier) store.tier()).byName.get(loaderName);
    CodeLoader alive = loader == null ? null : loader.get();
    return alive == null ? null : alive.code();
  }
}
