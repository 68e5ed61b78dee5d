package dev.capsule.wasi.p1;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.snapshot.Snapshot;
import dev.capsule.engine.snapshot.SnapshotException;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A program for preview 1 in a store: a command, which runs once and ends, or a reactor, which is
 * initialised and then called. Traps, exceptions of the guest and the end of the store's budgets
 * come out of every method as the engine throws them.
 */
public final class Preview1Program implements AutoCloseable {
  private static final String COMMAND = "_start";
  private static final String REACTOR = "_initialize";

  private final Instance instance;
  private final WasiContext context;
  private final Preview1 functions;
  private final StoreGuard guard;
  private final Optional<Snapshot.Resumable> resumable;
  private boolean initialized;

  private Preview1Program(
      Instance instance,
      Optional<Snapshot.Resumable> resumable,
      WasiContext context,
      Preview1 functions,
      StoreGuard guard) {
    this.instance = instance;
    this.resumable = resumable;
    this.initialized = resumable.isPresent();
    this.context = context;
    this.functions = functions;
    this.guard = guard;
  }

  /**
   * Instantiates a module with what {@code context} grants.
   *
   * @throws LinkException if the module imports what is not in preview 1
   */
  public static Preview1Program instantiate(Store store, Module module, WasiContext context) {
    return instantiate(store, module, context, new Linker());
  }

  /** Instantiates a module with what {@code context} grants and {@code others} defines. */
  public static Preview1Program instantiate(
      Store store, Module module, WasiContext context, Linker others) {
    StoreGuard guard = new StoreGuard(store);
    Linker linker = new Linker(others);
    Preview1 functions = define(linker, context, guard);
    try {
      Instance instance = linker.instantiate(store, module);
      return new Preview1Program(instance, Optional.empty(), context, functions, guard);
    } catch (RuntimeException e) {
      functions.close();
      throw e;
    }
  }

  /**
   * Makes a program of a snapshot. Its descriptors are those of a fresh start, standard streams and
   * preopened directories, so it must have had no others when the snapshot was taken; and the
   * preopened directories must be the same, or both contexts have {@link
   * WasiContext.Builder#oneRoot one root}.
   *
   * @throws SnapshotException if the snapshot does not fit the store's engine
   */
  public static Preview1Program restore(
      Store store, Snapshot snapshot, WasiContext context, Linker others) {
    StoreGuard guard = new StoreGuard(store);
    Linker linker = new Linker(others);
    Preview1 functions = define(linker, context, guard);
    try {
      Snapshot.Resumable resumable = snapshot.restore(store, linker);
      return new Preview1Program(
          resumable.instance(), Optional.of(resumable), context, functions, guard);
    } catch (RuntimeException e) {
      functions.close();
      throw e;
    }
  }

  private static Preview1 define(Linker linker, WasiContext context, StoreGuard guard) {
    Preview1 current = new Preview1(Version.SNAPSHOT_PREVIEW1, context, guard);
    define(linker, Version.SNAPSHOT_PREVIEW1, current);
    define(linker, Version.UNSTABLE, current.as(Version.UNSTABLE));
    return current;
  }

  private static void define(Linker linker, Version version, Preview1 functions) {
    functions
        .functions()
        .forEach(
            (name, function) ->
                linker.func(
                    version.module(), name, typeOf(function), caller -> call(caller, function)));
  }

  private static FuncType typeOf(Preview1.Function function) {
    List<ValType> parameters = new ArrayList<>();
    for (char c : function.parameters().toCharArray()) {
      parameters.add(c == 'i' ? NumType.I32 : NumType.I64);
    }
    return new FuncType(parameters, function.returns() ? List.of(NumType.I32) : List.of());
  }

  private static void call(Caller caller, Preview1.Function function) {
    String parameters = function.parameters();
    long[] arguments = new long[parameters.length()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = parameters.charAt(i) == 'i' ? caller.i32(i) : caller.i64(i);
    }
    int errno = function.body().call(new CallerMemory(caller), arguments);
    if (function.returns()) {
      caller.setI32(0, errno);
    }
  }

  /** The instance. */
  public Instance instance() {
    return instance;
  }

  /** True if the module says that it is a command. */
  public boolean isCommand() {
    return function(COMMAND).isPresent();
  }

  /** True if there is something for {@link #run} to run. */
  public boolean canRun() {
    return isCommand() || function(REACTOR).isPresent();
  }

  private Optional<Func> function(String name) {
    return instance.export(name).filter(Func.class::isInstance).map((Extern e) -> (Func) e);
  }

  /**
   * Runs a command to its end, or initialises a reactor; a module that is neither has nothing to
   * run. All output has been passed on to the host when this returns.
   *
   * @return the exit code, 0 if the program just returned
   */
  public int run() {
    initialized = true;
    return exitCodeOf(() -> function(COMMAND).or(() -> function(REACTOR)).ifPresent(Func::call));
  }

  /**
   * Calls an exported function; a reactor is initialised before its first call.
   *
   * @return the boxed result, an array of several, or nothing if there is none
   * @throws IllegalArgumentException if there is no such function or the arguments do not fit
   * @throws ProgramExit if the program ended itself
   */
  public Optional<Object> invoke(String name, Object... arguments) {
    Func called = instance.func(name);
    return ended(
        () -> {
          if (!initialized && !name.equals(REACTOR)) {
            function(REACTOR).ifPresent(Func::call);
          }
          initialized = true;
          return Optional.ofNullable(called.call(arguments));
        });
  }

  /**
   * Goes on with a program that was restored, to its end: calls the host function again in which
   * the snapshot was taken.
   *
   * @return the exit code, 0 if the program just returned
   * @throws IllegalStateException if nothing waits
   */
  public int resume() {
    Snapshot.Resumable waiting =
        resumable.orElseThrow(() -> new IllegalStateException("the program was not restored"));
    return exitCodeOf(waiting::repeat);
  }

  private int exitCodeOf(Runnable program) {
    try {
      return ended(
          () -> {
            program.run();
            return 0;
          });
    } catch (ProgramExit e) {
      return e.code();
    }
  }

  /**
   * Runs something to its end and passes its output on. Whoever was broken off may have been so
   * because nobody takes the output: that is not waited for again.
   */
  private <T> T ended(Supplier<T> program) {
    T result;
    try {
      result = program.get();
    } catch (ProgramExit e) {
      context.flush(guard);
      throw e;
    } catch (RuntimeException e) {
      context.flush();
      throw e;
    }
    context.flush(guard);
    return result;
  }

  /** Closes what the program had open; the context stays open. */
  @Override
  public void close() {
    functions.close();
  }
}
