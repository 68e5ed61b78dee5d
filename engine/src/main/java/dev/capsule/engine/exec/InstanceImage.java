package dev.capsule.engine.exec;

import dev.capsule.engine.interpreter.Answer;
import dev.capsule.engine.interpreter.Interpreter;
import dev.capsule.engine.interpreter.Suspended;
import dev.capsule.engine.interpreter.Suspension;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.types.ExternKind;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything an instance owns, as data, and the computation in it, if one waits in a host function.
 * References are to functions of the instance itself, by index.
 *
 * @param memories by index
 * @param tables by index: the functions, 0 for null, else one more than the index
 * @param globals three numbers for each: bits, high half, function as in tables
 * @param droppedElems whether an element segment has been dropped
 * @param droppedData whether a data segment has been dropped
 * @param fuel what the store had consumed
 */
public record InstanceImage(
    List<MemoryImage> memories,
    List<int[]> tables,
    long[] globals,
    boolean[] droppedElems,
    boolean[] droppedData,
    long fuel,
    Optional<Suspended> suspended) {
  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Data segments are compared with memories up to this size. */
  private static final long COMPARED = 1L << 28;

  /** Keeps its own lists. */
  public InstanceImage {
    memories = List.copyOf(memories);
    tables = List.copyOf(tables);
  }

  /**
   * Takes an instance's state.
   *
   * @throws IllegalStateException if part of it cannot be taken, with the reason
   */
  public static InstanceImage of(ModuleInstance in) {
    ExecStore store = in.store;
    Optional<Suspended> suspended = Optional.empty();
    if (store.isRunning()) {
      requireInterpreted(store);
      suspended = Optional.of(Suspension.capture(store, in));
    }
    requireOwn(in.module);
    List<MemoryImage> memories = new ArrayList<>();
    for (int i = 0; i < in.memories.length; i++) {
      if (in.memories[i] instanceof SharedMemory) {
        throw new IllegalStateException("memory " + i + " is shared");
      }
      memories.add(MemoryImage.of(in.memories[i], initial(in, i)));
    }
    List<int[]> tables = new ArrayList<>();
    for (TableInstance table : in.tables) {
      tables.add(functions(in, table.elements));
    }
    long[] globals = new long[3 * in.globals.length];
    for (int i = 0; i < in.globals.length; i++) {
      GlobalInstance global = in.globals[i];
      globals[3 * i] = global.bits;
      globals[3 * i + 1] = global.high;
      globals[3 * i + 2] =
          i < in.module.importedGlobals() ? 0 : Suspension.functionOrNull(in, global.ref);
    }
    boolean[] dropped = new boolean[in.elems.length];
    for (int i = 0; i < dropped.length; i++) {
      dropped[i] = in.elems[i] == null;
      if (!dropped[i]) {
        functions(in, in.elems[i]);
      }
    }
    return new InstanceImage(
        memories, tables, globals, dropped, in.droppedData.clone(), store.fuelTaken(), suspended);
  }

  private static int[] functions(ModuleInstance in, Object[] references) {
    int[] functions = new int[references.length];
    for (int i = 0; i < functions.length; i++) {
      functions[i] = Suspension.functionOrNull(in, references[i]);
    }
    return functions;
  }

  /** The frames between the host function and the call from outside are all the interpreter's. */
  private static void requireInterpreted(ExecStore store) {
    if (store.isNested()) {
      throw new IllegalStateException("a host function on the stack has called back");
    }
    ClassLoader engine = ExecStore.class.getClassLoader();
    List<Class<?>> between =
        STACK.walk(
            frames ->
                frames
                    .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                    .takeWhile(type -> type != ExecStore.class)
                    .dropWhile(type -> type != HostFunction.class)
                    .toList());
    if (!between.contains(Interpreter.class)) {
      throw new IllegalStateException("no interpreted code waits for a host function");
    }
    for (Class<?> type : between) {
      if (type.getClassLoader() != engine) {
        throw new IllegalStateException("compiled code is on the stack");
      }
    }
  }

  private static void requireOwn(Module module) {
    for (Import wanted : module.imports()) {
      boolean constant =
          wanted.type() instanceof GlobalType global
              && !global.mutable()
              && !(global.value() instanceof RefType);
      if (wanted.type().kind() != ExternKind.FUNC && !constant) {
        throw new IllegalStateException(
            "the module imports a " + wanted.type().kind() + ", \"" + wanted.name() + "\"");
      }
    }
  }

  /** What a memory holds after instantiation; nothing where that may differ from time to time. */
  private static byte[] initial(ModuleInstance in, int memory) {
    LinearMemory now = in.memories[memory];
    if (now.byteSize() > COMPARED || in.module.importedGlobals() > 0) {
      return new byte[0];
    }
    // Memories never shrink, so this one had room for its segments from the beginning.
    byte[] bytes = new byte[(int) now.byteSize()];
    ConstantExpression constants = new ConstantExpression(in);
    for (var segment : in.module.datas()) {
      if (segment.mode() instanceof SegmentMode.Active active && active.target() == memory) {
        long offset = Instantiation.offset(constants, active.offset(), now.type().address());
        System.arraycopy(segment.bytes(), segment.start(), bytes, (int) offset, segment.length());
      }
    }
    return bytes;
  }

  /**
   * Makes an instance of this state, in a store in which nothing runs.
   *
   * @param valid whether the module is known to be valid in the store's engine
   * @throws IllegalArgumentException if the state does not fit the module
   * @throws LinkException if an import is missing or of the wrong type
   * @throws LimitException if the store's limits forbid it
   */
  public ModuleInstance instantiate(
      ExecStore store, Module module, Instantiation.Imports imports, boolean valid) {
    if (store.isRunning()) {
      throw new IllegalStateException("code runs in the store");
    }
    if (valid) {
      store.engineState.prepareValid(module);
    }
    ModuleInstance in = Instantiation.restored(store, module, imports, this);
    suspended.ifPresent(waiting -> Suspension.check(in, waiting));
    return in;
  }

  /** Fills an instance whose memories and tables have the right sizes. */
  void fill(ModuleInstance in) {
    require(globals.length == 3 * in.globals.length, "globals");
    for (int i = in.module.importedGlobals(); i < in.globals.length; i++) {
      GlobalInstance global = in.globals[i];
      global.bits = globals[3 * i];
      global.high = globals[3 * i + 1];
      if (global.type().value() instanceof RefType type) {
        global.ref = reference(in, globals[3 * i + 2], type);
      }
    }
    for (int i = 0; i < in.tables.length; i++) {
      TableInstance table = in.tables[i];
      int[] functions = tables.get(i);
      for (int j = 0; j < functions.length; j++) {
        table.elements[j] = reference(in, functions[j], table.type().element());
      }
      table.changed(0, functions.length);
    }
    require(droppedElems.length == in.elems.length, "element segments");
    require(droppedData.length == in.droppedData.length, "data segments");
    System.arraycopy(droppedData, 0, in.droppedData, 0, droppedData.length);
  }

  private static Object reference(ModuleInstance in, long function, RefType type) {
    require(function >= 0 && function <= in.funcs.length, "function");
    Object reference = function == 0 ? null : in.func((int) function - 1);
    // A table of a type that is not null is filled by functions, whose type may be a special one.
    require(References.test(reference, type), "reference");
    return reference;
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("the state does not fit the module: " + what);
    }
  }

  /**
   * Goes on with the computation in an instance that was made of this state.
   *
   * @param results what the host function returns
   * @return what the outermost function returns, boxed as by {@link FuncInstance#callBoxed}
   */
  public Object resume(ModuleInstance in, Object[] results) {
    check(in.funcs[suspended.orElseThrow().host()], in.store, results);
    return goOn(in, (function, store, sp) -> put(function, store, sp, results));
  }

  /** The same, but calls the host function again. */
  public Object repeat(ModuleInstance in) {
    return goOn(in, FuncInstance::invoke);
  }

  private Object goOn(ModuleInstance in, Answer answer) {
    Suspended waiting = suspended.orElseThrow();
    ExecStore store = in.store;
    if (store.isRunning()) {
      throw new IllegalStateException("code runs in the store");
    }
    int outermost = waiting.frames().get(0).function();
    FuncInstance rest =
        new FuncInstance(store, in.func(outermost).defType) {
          @Override
          public void invoke(ExecStore s, int sp) {
            Interpreter.resume(s, in, waiting, answer);
          }
        };
    return rest.resumeBoxed();
  }

  private static void check(FuncInstance host, ExecStore store, Object[] values) {
    List<ValType> types = host.type().results();
    if (types.size() != values.length) {
      throw new IllegalArgumentException(
          "host function of type " + host.type() + " answered with " + values.length + " results");
    }
    for (int i = 0; i < values.length; i++) {
      References.require(values[i], types.get(i), "result " + i);
      store.own(values[i]);
    }
  }

  private static void put(FuncInstance host, ExecStore store, int sp, Object[] values) {
    int slot = sp;
    store.ensureStack(sp + Slots.room(host.type()));
    for (int i = 0; i < values.length; i++) {
      ValType type = host.type().results().get(i);
      Slots.put(store, slot, type, values[i]);
      slot += type.slots();
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(globals);
  }
}
