package dev.capsule.engine.exec;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.GlobalDef;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.LimitException;
import dev.capsule.engine.runtime.LinkException;
import dev.capsule.engine.runtime.Tag;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TagType;
import java.util.Arrays;
import java.util.Optional;

/** Makes an instance of a module (spec 4.7.2), in the order that the specification gives. */
public final class Instantiation {
  private final ExecStore store;
  private final Module module;
  private final ModuleInstance instance;
  private final ConstantExpression constants;

  private Instantiation(ExecStore store, ModuleCode code) {
    this.store = store;
    this.module = code.module;
    this.instance = new ModuleInstance(store, code);
    this.constants = new ConstantExpression(instance);
  }

  /** Where imports come from. */
  @FunctionalInterface
  public interface Imports {
    /** An {@link Extern} or a {@link HostDefinition}. */
    Optional<Object> find(String module, String name);
  }

  /**
   * Instantiates a module in a store.
   *
   * @throws LinkException if an import is missing or of the wrong type
   * @throws LimitException if the store's limits forbid it
   * @throws Trap if a segment does not fit or the start function traps; what has been written until
   *     then stays
   */
  public static ModuleInstance of(ExecStore store, Module module, Imports imports) {
    Instantiation work = new Instantiation(store, store.engineState.prepare(module));
    work.imports(imports);
    work.allocate(Optional.empty());
    work.initialise();
    return work.instance;
  }

  /** Makes an instance of a module in a state that another one was in; runs nothing. */
  static ModuleInstance restored(
      ExecStore store, Module module, Imports imports, InstanceImage image) {
    Instantiation work = new Instantiation(store, store.engineState.prepare(module));
    work.imports(imports);
    work.allocate(Optional.of(image));
    work.restore(image);
    return work.instance;
  }

  private void restore(InstanceImage image) {
    int tag = module.importedTags();
    for (TagType type : module.tags()) {
      instance.tags[tag++] = new Tag(type);
    }
    for (int i = module.importedGlobals(); i < instance.globals.length; i++) {
      instance.global(i, new GlobalInstance(module.global(i), store));
    }
    image.fill(instance);
    for (int i = 0; i < instance.elems.length; i++) {
      instance.elems[i] = image.droppedElems()[i] ? null : elements(module.elems().get(i));
    }
    for (DataSegment segment : module.datas()) {
      if (segment.mode() instanceof SegmentMode.Active active) {
        write(segment, active);
      }
    }
    for (int i = 0; i < instance.memories.length; i++) {
      image.memories().get(i).restore(instance.memories[i]);
    }
  }

  private void imports(Imports imports) {
    int funcs = 0;
    int tables = 0;
    int memories = 0;
    int globals = 0;
    int tags = 0;
    for (Import wanted : module.imports()) {
      Object found =
          imports
              .find(wanted.module(), wanted.name())
              .orElseThrow(() -> new LinkException("unknown import: " + describe(wanted)));
      Extern extern = check(wanted, found);
      switch (extern) {
        case FuncInstance func -> instance.funcs[funcs++] = func;
        case TableInstance table -> instance.tables[tables++] = table;
        case LinearMemory memory -> instance.memories[memories++] = memory;
        case GlobalInstance global -> instance.global(globals++, global);
        case Tag tag -> instance.tags[tags++] = tag;
        default -> throw new IllegalArgumentException("not made by this engine: " + extern);
      }
    }
    bindGlobals();
  }

  /** Now that all imports are there, imported globals may belong to this store. */
  private void bindGlobals() {
    int global = 0;
    for (Import wanted : module.imports()) {
      if (wanted.type() instanceof GlobalType && !instance.globals[global++].bind(store)) {
        throw foreign(wanted);
      }
    }
  }

  /** What was found, in this store and of the wanted type. */
  private Extern check(Import wanted, Object found) {
    if (found instanceof HostDefinition host) {
      if (wanted.type() instanceof ExternFunc func
          && func.type() instanceof DefType type
          && Subtyping.matches(host.type(), type.expand())) {
        return host.bind(store, instance, type);
      }
      throw incompatible(wanted, "func " + host.type());
    }
    ExternType type = ((Extern) found).externType();
    if (!Subtyping.matches(type, wanted.type())) {
      throw incompatible(wanted, describe(type));
    }
    boolean usable =
        switch ((Extern) found) {
          case FuncInstance func -> func.store == store;
          case TableInstance table -> table.store() == store;
          case LinearMemory memory -> memory.usableBy(store);
          case GlobalInstance global -> global.isUsableBy(store);
          default -> true;
        };
    if (!usable) {
      throw foreign(wanted);
    }
    return (Extern) found;
  }

  private static LinkException foreign(Import wanted) {
    return new LinkException("import belongs to another store: " + describe(wanted));
  }

  private static LinkException incompatible(Import wanted, String given) {
    return new LinkException("incompatible import type: " + describe(wanted) + "; given " + given);
  }

  private static String describe(Import wanted) {
    return "\""
        + wanted.module()
        + "\" \""
        + wanted.name()
        + "\", wanted "
        + describe(wanted.type());
  }

  private static String describe(ExternType type) {
    return switch (type) {
      case ExternFunc func -> "func " + (func.func() == null ? func.type() : func.func());
      case TagType tag -> "tag " + (tag.func() == null ? tag.type() : tag.func());
      default -> type.kind() + " " + type;
    };
  }

  /** Tables and memories; where one of them exceeds a limit, none is counted. */
  private void allocate(Optional<InstanceImage> image) {
    InstanceImage.require(
        image.isEmpty()
            || image.get().tables().size() == instance.tables.length
                && image.get().memories().size() == instance.memories.length,
        "tables and memories");
    store.limiter.requireInstance();
    int table = module.importedTables();
    int memory = module.importedMemories();
    try {
      for (TableDef def : module.tables()) {
        long size = def.type().limits().min();
        if (image.isPresent()) {
          size = image.get().tables().get(table).length;
          InstanceImage.require(def.type().limits().allows(size), "size of a table");
        }
        instance.tables[table] = TableInstance.allocate(store, def.type(), size);
        table++;
      }
      for (MemoryType type : module.memories()) {
        long pages = type.limits().min();
        if (image.isPresent()) {
          long bytes = image.get().memories().get(memory).bytes();
          pages = bytes >>> type.pageSizeLog2();
          InstanceImage.require(
              pages << type.pageSizeLog2() == bytes && type.limits().allows(pages),
              "size of a memory");
        }
        instance.memories[memory] = LinearMemory.create(store, type, pages);
        memory++;
      }
    } catch (LimitException e) {
      store.limiter.releaseInstance();
      while (--table >= module.importedTables()) {
        store.limiter.releaseTable(instance.tables[table].size());
      }
      while (--memory >= module.importedMemories()) {
        store.limiter.releaseMemory(instance.memories[memory].byteSize());
      }
      throw e;
    }
    if (instance.memories.length > 0 && instance.memories[0] instanceof ArrayMemory array) {
      array.becomeFirst(instance);
    } else {
      instance.interpretOnly = instance.memories.length > 0 && wantsArray(module.memory(0));
    }
  }

  /** Whether compiled code takes a memory 0 of this type for an array. */
  private static boolean wantsArray(MemoryType type) {
    return !type.shared() && type.address() == AddressType.I32;
  }

  private void initialise() {
    int tag = module.importedTags();
    for (TagType type : module.tags()) {
      instance.tags[tag++] = new Tag(type);
    }
    int index = module.importedGlobals();
    for (GlobalDef def : module.globals()) {
      GlobalInstance global = new GlobalInstance(def.type(), store);
      constants.global(def.init(), global);
      instance.global(index++, global);
    }
    int table = module.importedTables();
    for (TableDef def : module.tables()) {
      if (def.init().isPresent()) {
        Arrays.fill(instance.tables[table].elements, constants.reference(def.init().orElseThrow()));
      }
      table++;
    }
    for (int i = 0; i < module.elems().size(); i++) {
      instance.elems[i] = elements(module.elems().get(i));
    }
    for (int i = 0; i < module.elems().size(); i++) {
      elem(i, module.elems().get(i));
    }
    for (int i = 0; i < module.datas().size(); i++) {
      data(i, module.datas().get(i));
    }
    if (module.start().isPresent()) {
      instance.func(module.start().getAsInt()).callBoxed(new Object[0]);
    }
  }

  private Object[] elements(ElemSegment segment) {
    Object[] elements = new Object[segment.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          segment.expressions().isEmpty()
              ? instance.func(segment.functions()[i])
              : constants.reference(segment.expressions().get(i));
    }
    return elements;
  }

  private void elem(int index, ElemSegment segment) {
    switch (segment.mode()) {
      case SegmentMode.Passive passive -> {}
      case SegmentMode.Declarative declarative -> TableOps.drop(instance, index);
      case SegmentMode.Active active -> {
        TableInstance table = instance.tables[active.target()];
        long offset = offset(active.offset(), table.type().address());
        TableOps.init(table, offset, instance.elems[index]);
        TableOps.drop(instance, index);
      }
    }
  }

  private void data(int index, DataSegment segment) {
    if (segment.mode() instanceof SegmentMode.Active active) {
      write(segment, active);
      MemoryOps.drop(instance, index);
    }
  }

  private void write(DataSegment segment, SegmentMode.Active active) {
    LinearMemory memory = instance.memories[active.target()];
    long offset = offset(active.offset(), memory.type().address());
    // Like the table segments, and unlike memory.init, this takes no fuel.
    memory.check(offset, segment.length());
    memory.write(offset, segment.bytes(), segment.start(), segment.length());
  }

  private long offset(CodeSlice code, AddressType type) {
    return offset(constants, code, type);
  }

  /** The offset of a segment. */
  static long offset(ConstantExpression constants, CodeSlice code, AddressType type) {
    long value = constants.number(code);
    return type == AddressType.I32 ? value & 0xFFFFFFFFL : value;
  }
}
