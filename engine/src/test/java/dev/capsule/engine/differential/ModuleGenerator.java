package dev.capsule.engine.differential;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.GlobalDef;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternKind;
import dev.capsule.engine.types.ExternType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes one module: what it imports, defines and exports, and then its functions' bodies. */
final class ModuleGenerator {
  /** What a table may hold besides references of the shared types. */
  private static final List<RefType> ELEMENTS =
      List.of(RefType.FUNCREF, RefType.FUNCREF, RefType.FUNCREF, RefType.EXTERNREF, RefType.ANYREF);

  private final Choices choices;
  private final TypeGenerator types;
  private final Environment env;
  private final Module.Builder module = new Module.Builder();

  /** Functions that host code provides, by type. */
  private final List<DefType> hosts;

  private final boolean large;

  ModuleGenerator(
      Choices choices,
      TypeGenerator types,
      List<RecGroup> groups,
      Environment env,
      List<DefType> hosts,
      boolean large) {
    this.choices = choices;
    this.types = types;
    this.env = env;
    this.hosts = hosts;
    this.large = large;
    groups.forEach(env::add);
  }

  /** A module that imports from the host and, if there is one, from another module. */
  Module generate(Optional<Module> other) {
    for (int i = 0; i < hosts.size(); i++) {
      if (choices.chance(70)) {
        imported("host", "f" + i, new ExternFunc(hosts.get(i)));
      }
    }
    other.ifPresent(
        from -> {
          for (Export export : from.exports()) {
            if (choices.chance(50)) {
              imported("other", export.name(), from.exportType(export));
            }
          }
        });
    env.importedFuncs = env.funcs.size();
    functions();
    tables();
    memories();
    globals();
    tags();
    segments();
    start();
    bodies();
    exports();
    module.groups.addAll(env.groups);
    return module.build();
  }

  private void imported(String from, String name, ExternType type) {
    module.imports.add(new Import(from, name, type));
    switch (type) {
      case ExternFunc func -> env.funcs.add(known(func.type()));
      case TableType table -> env.tables.add(table);
      case MemoryType memory -> env.memories.add(memory);
      case GlobalType global -> env.globals.add(global);
      case TagType tag -> env.tags.add(known(tag.type()));
    }
  }

  /** A type that the other module may have made for itself. */
  private DefType known(HeapType type) {
    DefType def = (DefType) type;
    if (env.index(def) < 0) {
      env.add(def.group());
    }
    return def;
  }

  private void functions() {
    for (int i = 1 + choices.below(6); i > 0; i--) {
      DefType type = env.types.get(choices.pick(env.signatures));
      env.funcs.add(type);
      module.functions.add(type);
    }
  }

  private void tables() {
    if (!env.uses(Family.TABLE) && !choices.chance(30)) {
      return;
    }
    for (int i = 1 + choices.below(2); i > 0; i--) {
      RefType element =
          choices.chance(25) ? types.reference().withNullable(true) : choices.pick(ELEMENTS);
      int min = choices.below(20) + 2;
      Limits limits = choices.chance(50) ? Limits.of(min, min + choices.below(10)) : Limits.of(min);
      TableType type = new TableType(address(20), limits, element);
      env.tables.add(type);
      boolean filled = choices.chance(15) && element.equals(RefType.FUNCREF);
      module.tables.add(
          new TableDef(type, filled ? Optional.of(function(env.importedFuncs)) : Optional.empty()));
    }
  }

  private AddressType address(int percent) {
    return choices.chance(percent) ? AddressType.I64 : AddressType.I32;
  }

  private void memories() {
    if (choices.chance(5)) {
      return;
    }
    for (int i = choices.weighted(70, 20, 10); i >= 0; i--) {
      boolean pages = choices.chance(12);
      int min = pages ? choices.below(2) : 100 + choices.below(600);
      boolean shared = env.uses(Family.ATOMIC) && choices.chance(40);
      int more = pages ? 1 : 200;
      Limits limits =
          shared || choices.chance(60) ? Limits.of(min, min + choices.below(more)) : Limits.of(min);
      MemoryType type = new MemoryType(address(25), limits, shared, pages ? 16 : 0);
      env.memories.add(type);
      module.memories.add(type);
    }
  }

  private void globals() {
    int visible = env.globals.size();
    for (int i = 1 + choices.below(6); i > 0; i--) {
      ValType value = types.value();
      if (value instanceof RefType ref && ref.heap() != AbsHeapType.I31) {
        value = ref.withNullable(true);
      }
      GlobalType type = new GlobalType(!choices.chance(15), value);
      module.globals.add(new GlobalDef(type, constant(value, visible)));
      env.globals.add(type);
    }
  }

  /** A constant expression that sees the first globals only. */
  private CodeSlice constant(ValType type, int visible) {
    for (int i = 0; i < visible; i++) {
      GlobalType global = env.globals.get(i);
      if (!global.mutable() && Subtyping.matches(global.value(), type) && choices.chance(50)) {
        return new Code(env).op(Opcode.GLOBAL_GET, i).op(Opcode.END).slice();
      }
    }
    Code code = new Code(env);
    switch (type) {
      case NumType.I32 -> code.i32(NumberGenerator.i32(choices));
      case NumType.I64 -> code.i64(NumberGenerator.i64(choices));
      case NumType.F32 -> code.f32(NumberGenerator.f32(choices));
      case NumType.F64 -> code.f64(NumberGenerator.f64(choices));
      case RefType ref -> reference(code, ref);
      default -> code.v128(NumberGenerator.half(choices), NumberGenerator.half(choices));
    }
    if (type == NumType.I32 && choices.chance(10)) {
      code.i32(NumberGenerator.i32(choices)).op(Opcode.I32_MUL);
    }
    return code.op(Opcode.END).slice();
  }

  private void reference(Code code, RefType type) {
    if (type.heap() == AbsHeapType.I31 && (!type.nullable() || choices.chance(60))) {
      code.i32(NumberGenerator.i32(choices)).op(Opcode.REF_I31);
    } else if (type.heap() == AbsHeapType.FUNC && choices.chance(60)) {
      code.op(Opcode.REF_FUNC, choices.below(env.funcs.size()));
    } else {
      code.op(Opcode.REF_NULL).heap(type.heap());
    }
  }

  private CodeSlice function(int index) {
    return new Code(env).op(Opcode.REF_FUNC, index).op(Opcode.END).slice();
  }

  private CodeSlice offset(AddressType type, long value) {
    Code code = new Code(env);
    AccessGenerator.address(code, type, value);
    return code.op(Opcode.END).slice();
  }

  private void tags() {
    if (!env.uses(Family.EXCEPTION) && !env.uses(Family.LEGACY)) {
      return;
    }
    for (int i = 1 + choices.below(3); i > 0; i--) {
      int signature = env.signature(types.values(3), List.of());
      DefType type = env.types.get(signature);
      module.tags.add(new TagType(type));
      env.tags.add(type);
    }
  }

  private void segments() {
    int[] all = new int[env.funcs.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    for (int i = 0; i < env.tables.size(); i++) {
      TableType table = env.tables.get(i);
      if (table.element().equals(RefType.FUNCREF)) {
        fill(i, table);
      }
    }
    if (choices.chance(50)) {
      elem(new RefType(false, AbsHeapType.FUNC), all, List.of(), new SegmentMode.Passive());
    }
    for (int i = choices.below(3); i > 0; i--) {
      RefType type = types.reference().withNullable(true);
      List<CodeSlice> values = new ArrayList<>();
      for (int j = 1 + choices.below(6); j > 0; j--) {
        values.add(constant(type, 0));
      }
      elem(type, new int[0], values, new SegmentMode.Passive());
    }
    elem(new RefType(false, AbsHeapType.FUNC), all, List.of(), new SegmentMode.Declarative());
    for (int i = choices.below(4); i > 0; i--) {
      byte[] bytes = new byte[8 + choices.below(60)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) choices.below(256);
      }
      data(bytes);
    }
    module.dataCount = OptionalInt.of(module.datas.size());
  }

  private void elem(RefType type, int[] functions, List<CodeSlice> values, SegmentMode mode) {
    ElemSegment segment = new ElemSegment(type, functions, values, mode);
    module.elems.add(segment);
    env.elems.add(type);
    env.elemSizes.add(segment.size());
  }

  /** Puts functions into a table, where indirect calls find them. */
  private void fill(int index, TableType table) {
    int size = (int) table.limits().min();
    int start = choices.below(size);
    int count = Math.min(size - start, env.funcs.size());
    int[] functions = new int[count];
    for (int i = 0; i < count; i++) {
      functions[i] = env.funcs.size() - 1 - i;
      env.slots.putIfAbsent(functions[i], new Environment.Slot(index, start + i));
    }
    // Now and then one that does not fit, so that instantiation traps.
    long at = start + (choices.chance(1) ? size : 0);
    elem(
        new RefType(false, AbsHeapType.FUNC),
        functions,
        List.of(),
        new SegmentMode.Active(index, offset(table.address(), at)));
  }

  private void data(byte[] bytes) {
    SegmentMode mode = new SegmentMode.Passive();
    if (!env.memories.isEmpty() && choices.chance(50)) {
      int memory = choices.below(env.memories.size());
      MemoryType type = env.memories.get(memory);
      long room = env.bytes(type) - bytes.length;
      if (room >= 0 || choices.chance(10)) {
        long at = choices.below((int) Math.max(1, room)) + (choices.chance(1) ? 70_000 : 0);
        mode = new SegmentMode.Active(memory, offset(type.address(), at));
      }
    }
    module.datas.add(new DataSegment(mode, bytes, 0, bytes.length));
    env.dataSizes.add(bytes.length);
  }

  private void start() {
    for (int i = env.importedFuncs; i < env.funcs.size(); i++) {
      if (env.funcs.get(i).asFunc().equals(FuncType.EMPTY) && choices.chance(20)) {
        module.start = OptionalInt.of(i);
        return;
      }
    }
  }

  private void bodies() {
    for (int i = env.importedFuncs; i < env.funcs.size(); i++) {
      module.bodies.add(body(i));
    }
  }

  private FunctionBody body(int index) {
    boolean giant = large && index == env.funcs.size() - 1;
    // Up to some 200 KiB, which is more than a JVM method can have and than lines can tell apart.
    int most = giant ? choices.chance(5) ? 80_000 : 6_000 : choices.chance(20) ? 300 : 80;
    int budget = (giant ? 1_500 : 5) + choices.below(most);
    FunctionGenerator function = new FunctionGenerator(env, choices, index, budget);
    List<ValType> locals = types.values(choices.chance(1) ? 400 : 6);
    return function.body(
        locals,
        () -> {
          if (giant && choices.chance(60) || choices.chance(2)) {
            int handlers = giant ? 20 + choices.below(100) : 3 + choices.below(6);
            function.control.machine(handlers, giant ? Math.max(8, budget / 1_000) : 2);
          } else if (giant && choices.chance(40)) {
            function.control.loops(100 + choices.below(500));
          }
          int statements = giant ? Math.max(400, budget / 10) : 10;
          for (int i = choices.below(statements + 1); i > 0 && function.budget > 0; i--) {
            function.statements.one();
          }
        });
  }

  private void exports() {
    export(ExternKind.FUNC, "f", env.funcs.size());
    export(ExternKind.TABLE, "t", env.tables.size());
    export(ExternKind.MEMORY, "m", env.memories.size());
    export(ExternKind.GLOBAL, "g", env.globals.size());
    export(ExternKind.TAG, "e", env.tags.size());
  }

  private void export(ExternKind kind, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      module.exports.add(new Export(prefix + i, kind, i));
    }
  }
}
