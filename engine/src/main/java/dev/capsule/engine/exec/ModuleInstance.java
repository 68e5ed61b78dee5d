package dev.capsule.engine.exec;

import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tag;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An instance (spec 4.2.5) as the tiers see it: arrays by index space, imports first. Filled by
 * instantiation, then never reassigned, but for what {@link ArrayMemory} says of itself.
 */
public final class ModuleInstance extends Instance {
  public final ExecStore store;
  public final ModuleCode code;
  public final Module module;

  /** Imports from the start, own functions when first asked for: use {@link #func}. */
  public final FuncInstance[] funcs;

  public final LinearMemory[] memories;

  /** Memory 0 where it is an array memory (the common case), else null. */
  public ArrayMemory memory0;

  /** What {@link #memory0} has now, one step nearer for compiled code; null where it is null. */
  public byte[] array0;

  /** The same, but null where its length is not the bound. */
  public byte[] bytes0;

  /** What compiled code checks accesses to {@link #array0} against besides its length. */
  public MemoryBound bound0;

  /** What compiled code that consists of several methods leaves for their caller, as in a slot. */
  public long result;

  /**
   * Whether this instance cannot use compiled code, because its memory 0 came out of another kind
   * than the code was made for (more than 2 GiB, imported).
   */
  public boolean interpretOnly;

  public final TableInstance[] tables;

  /**
   * By number of a kind of indirect call what {@link TableInstance#found} has given last, null
   * where there was no such call yet. Empty until compiled code calls indirectly.
   */
  public KnownCallables[] calls = NO_CALLS;

  private static final KnownCallables[] NO_CALLS = {};
  public final GlobalInstance[] globals;

  /**
   * The first of {@link #globals}, one step nearer for compiled code, if there is one: what C
   * compilers take for the pointer of their own stack.
   */
  public GlobalInstance global0;

  public final Tag[] tags;

  /** Element segments as references; null when dropped. */
  public final Object[][] elems;

  /** Whether a data segment has been dropped. */
  public final boolean[] droppedData;

  private final Map<String, Extern> exports = new HashMap<>();

  public ModuleInstance(ExecStore store, ModuleCode code) {
    this.store = store;
    this.code = code;
    this.module = code.module;
    this.funcs = new FuncInstance[module.funcCount()];
    this.memories = new LinearMemory[module.memoryCount()];
    this.tables = new TableInstance[module.tableCount()];
    this.globals = new GlobalInstance[module.globalCount()];
    this.tags = new Tag[module.tagCount()];
    this.elems = new Object[module.elems().size()][];
    this.droppedData = new boolean[module.datas().size()];
  }

  /** The function at an index; always the same object. */
  public FuncInstance func(int index) {
    FuncInstance func = funcs[index];
    if (func == null) {
      func = new WasmFunction(this, code.functions[index]);
      funcs[index] = func;
    }
    return func;
  }

  void global(int index, GlobalInstance global) {
    globals[index] = global;
    if (index == 0) {
      global0 = global;
    }
  }

  @Override
  public Module module() {
    return module;
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Optional<Extern> export(String name) {
    Extern found = exports.get(name);
    if (found == null && exports.isEmpty()) {
      for (Export export : module.exports()) {
        exports.put(export.name(), extern(export));
      }
      found = exports.get(name);
    }
    return Optional.ofNullable(found);
  }

  private Extern extern(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> func(index);
      case TABLE -> tables[index];
      case MEMORY -> memories[index];
      case GLOBAL -> globals[index];
      case TAG -> tags[index];
    };
  }
}
