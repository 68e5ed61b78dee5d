package dev.capsule.engine.validation;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.DataSegment;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Export;
import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.GlobalDef;
import dev.capsule.engine.module.Import;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.module.TableDef;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternKind;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Validity of a module but for the bodies of its functions (spec 3.5, 3.2.12 to 3.2.17). */
final class ModuleRules {
  private final Module module;
  private final TypeRules rules;
  private final ConstantExpression constants;
  private String what = "module";
  private int index = -1;

  ModuleRules(Module module, TypeRules rules, BitSet declared) {
    this.module = module;
    this.rules = rules;
    this.constants = new ConstantExpression(module, rules, declared);
  }

  /** The functions that are named outside of function bodies (spec 3.5.15). */
  static BitSet declared(Module module) {
    BitSet declared = new BitSet();
    for (GlobalDef global : module.globals()) {
      ConstantExpression.collect(module, global.init(), declared);
    }
    for (TableDef table : module.tables()) {
      table.init().ifPresent(code -> ConstantExpression.collect(module, code, declared));
    }
    for (ElemSegment elem : module.elems()) {
      for (int function : elem.functions()) {
        if (Integer.compareUnsigned(function, module.funcCount()) < 0) {
          declared.set(function);
        }
      }
      for (CodeSlice code : elem.expressions()) {
        ConstantExpression.collect(module, code, declared);
      }
    }
    for (Export export : module.exports()) {
      if (export.kind() == ExternKind.FUNC
          && Integer.compareUnsigned(export.index(), module.funcCount()) < 0) {
        declared.set(export.index());
      }
    }
    return declared;
  }

  void check() {
    TypeDefinitions.check(module, rules);
    imports();
    functions();
    tables();
    memories();
    tags();
    globals();
    exports();
    start();
    elems();
    datas();
  }

  private void imports() {
    int i = 0;
    for (Import imported : module.imports()) {
      at("import", i++);
      switch (imported.type()) {
        case ExternFunc func -> funcType(func.type());
        case TableType table -> check(table);
        case MemoryType memory -> check(memory);
        case GlobalType global -> check(global.value());
        case TagType tag -> check(tag);
      }
    }
  }

  private void functions() {
    for (int i = module.importedFuncs(); i < module.funcCount(); i++) {
      at("func", i);
      funcType(module.func(i));
    }
  }

  private FuncType funcType(HeapType type) {
    if (!(type instanceof DefType def)) {
      throw invalid("unknown type " + type);
    }
    FuncType func = def.asFunc();
    if (func == null) {
      throw invalid("type mismatch: non-function type " + def);
    }
    return func;
  }

  private void tables() {
    int i = module.importedTables();
    for (TableDef table : module.tables()) {
      at("table", i++);
      check(table.type());
      RefType element = table.type().element();
      if (table.init().isPresent()) {
        require(Feature.FUNCTION_REFERENCES);
        constants.check(table.init().get(), element, module.importedGlobals(), what, index);
      } else if (!element.defaultable()) {
        throw invalid("type mismatch: elements of type " + element + " need an initial value");
      }
    }
    if (module.tableCount() > 1 && !rules.has(Feature.REFERENCE_TYPES)) {
      at("table", 1);
      throw invalid("multiple tables: " + TypeRules.disabled(Feature.REFERENCE_TYPES));
    }
  }

  private void check(TableType table) {
    if (!table.element().equals(RefType.FUNCREF)) {
      check(table.element());
    }
    if (table.address() == AddressType.I64) {
      require(Feature.MEMORY64);
      check(table.limits(), -1L, "table size");
    } else {
      check(table.limits(), 0xFFFFFFFFL, "table size must be at most 2^32-1");
    }
  }

  private void memories() {
    int i = module.importedMemories();
    for (MemoryType memory : module.memories()) {
      at("memory", i++);
      check(memory);
    }
    if (module.memoryCount() > 1 && !rules.has(Feature.MULTI_MEMORY)) {
      at("memory", 1);
      throw invalid("multiple memories: " + TypeRules.disabled(Feature.MULTI_MEMORY));
    }
  }

  private void check(MemoryType memory) {
    int page = memory.pageSizeLog2();
    if (page != MemoryType.DEFAULT_PAGE_SIZE_LOG2) {
      require(Feature.CUSTOM_PAGE_SIZES);
      if (page != 0) {
        throw invalid("invalid custom page size 2^" + page + ": only 1 and 65536 are allowed");
      }
    }
    if (memory.address() == AddressType.I64) {
      require(Feature.MEMORY64);
      long range = page == 0 ? -1L : 1L << (64 - page);
      check(memory.limits(), range, "memory size must be at most 2^64 bytes");
    } else if (page == 0) {
      check(memory.limits(), 0xFFFFFFFFL, "memory size must be at most 4294967295 pages (4GiB)");
    } else {
      check(memory.limits(), 1L << 16, "memory size must be at most 65536 pages (4GiB)");
    }
    if (memory.shared()) {
      require(Feature.THREADS);
      if (memory.limits().max().isEmpty()) {
        throw invalid("shared memory must have maximum");
      }
    }
  }

  private void check(Limits limits, long range, String tooLarge) {
    long max = limits.max().orElse(range);
    if (Long.compareUnsigned(limits.min(), range) > 0 || Long.compareUnsigned(max, range) > 0) {
      throw invalid(tooLarge);
    }
    if (Long.compareUnsigned(limits.min(), max) > 0) {
      throw invalid("size minimum must not be greater than maximum");
    }
  }

  private void tags() {
    int i = module.importedTags();
    for (TagType tag : module.tags()) {
      at("tag", i++);
      check(tag);
    }
  }

  private void check(TagType tag) {
    if (!rules.has(Feature.LEGACY_EXCEPTIONS)) {
      require(Feature.EXCEPTIONS);
    }
    if (!funcType(tag.type()).results().isEmpty()) {
      throw invalid("non-empty tag result type");
    }
  }

  private void globals() {
    int i = module.importedGlobals();
    for (GlobalDef global : module.globals()) {
      at("global", i);
      check(global.type().value());
      constants.check(global.init(), global.type().value(), i, what, index);
      i++;
    }
  }

  private void exports() {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (Export export : module.exports()) {
      at("export", i++);
      int count = module.count(export.kind());
      if (Integer.compareUnsigned(export.index(), count) >= 0) {
        String kind = export.kind() == ExternKind.FUNC ? "function" : export.kind().toString();
        throw invalid("unknown " + kind + " " + Integer.toUnsignedString(export.index()));
      }
      if (!names.add(export.name())) {
        throw invalid("duplicate export name " + Quoted.name(export.name()));
      }
    }
  }

  private void start() {
    if (module.start().isEmpty()) {
      return;
    }
    at("start", -1);
    int function = module.start().getAsInt();
    if (Integer.compareUnsigned(function, module.funcCount()) >= 0) {
      throw invalid("unknown function " + Integer.toUnsignedString(function));
    }
    FuncType type = module.funcType(function);
    if (!type.equals(FuncType.EMPTY)) {
      throw invalid("start function must have type [] -> [] but has " + type);
    }
  }

  private void elems() {
    int i = 0;
    for (ElemSegment elem : module.elems()) {
      at("elem segment", i++);
      if (!elem.expressions().isEmpty() || elem.functions().length == 0) {
        elemExpressions(elem);
      }
      for (int function : elem.functions()) {
        if (Integer.compareUnsigned(function, module.funcCount()) >= 0) {
          throw invalid("unknown function " + Integer.toUnsignedString(function));
        }
      }
      switch (elem.mode()) {
        case SegmentMode.Passive p -> require(Feature.BULK_MEMORY);
        case SegmentMode.Declarative d -> require(Feature.REFERENCE_TYPES);
        case SegmentMode.Active active -> {
          if (Integer.compareUnsigned(active.target(), module.tableCount()) >= 0) {
            throw invalid("unknown table " + Integer.toUnsignedString(active.target()));
          }
          TableType table = module.table(active.target());
          if (!Subtyping.matches(elem.type(), table.element())) {
            throw invalid(
                "type mismatch: elements of type "
                    + elem.type()
                    + " for a table of "
                    + table.element());
          }
          offset(active, table.address());
        }
      }
    }
  }

  private void elemExpressions(ElemSegment elem) {
    boolean old = elem.expressions().isEmpty() && elem.type().equals(FUNCTIONS);
    if (!old && !elem.type().equals(RefType.FUNCREF)) {
      check(elem.type());
    }
    for (CodeSlice expression : elem.expressions()) {
      require(Feature.REFERENCE_TYPES);
      constants.check(expression, elem.type(), module.globalCount(), what, index);
    }
  }

  private void datas() {
    if (module.dataCount().isPresent()) {
      at("data count", -1);
      require(Feature.BULK_MEMORY);
    }
    int i = 0;
    for (DataSegment data : module.datas()) {
      at("data segment", i++);
      switch (data.mode()) {
        case SegmentMode.Passive p -> require(Feature.BULK_MEMORY);
        case SegmentMode.Declarative d -> throw invalid("declarative data segment");
        case SegmentMode.Active active -> {
          if (Integer.compareUnsigned(active.target(), module.memoryCount()) >= 0) {
            throw invalid("unknown memory " + Integer.toUnsignedString(active.target()));
          }
          offset(active, module.memory(active.target()).address());
        }
      }
    }
  }

  private void offset(SegmentMode.Active active, AddressType address) {
    constants.check(active.offset(), address.valType(), module.globalCount(), what, index);
  }

  private void at(String kind, int number) {
    what = kind;
    index = number;
  }

  private void check(ValType type) {
    String problem = rules.problem(type);
    if (problem != null) {
      throw invalid(problem);
    }
  }

  private void require(Feature feature) {
    if (!rules.has(feature)) {
      throw invalid(TypeRules.disabled(feature));
    }
  }

  private InvalidException invalid(String reason) {
    return new InvalidException(reason, index < 0 ? what : what + " " + index);
  }

  /** The type of segments that list functions, older than the types it is written with. */
  private static final RefType FUNCTIONS = new RefType(false, AbsHeapType.FUNC);
}
