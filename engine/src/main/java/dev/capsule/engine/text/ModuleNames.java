package dev.capsule.engine.text;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Names;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.StructType;
import java.util.HashMap;
import java.util.Map;

/** What stands for indices in a module's printed text. */
final class ModuleNames {
  final PrintedNames funcs;
  final PrintedNames tables;
  final PrintedNames memories;
  final PrintedNames globals;
  final PrintedNames tags;
  final PrintedNames elems;
  final PrintedNames datas;

  private final Module module;
  private final Map<Integer, PrintedNames> fields = new HashMap<>();

  ModuleNames(Module module) {
    this.module = module;
    Names names = module.names();
    funcs = new PrintedNames(names.functions(), module.funcCount());
    tables = new PrintedNames(names.tables(), module.tableCount());
    memories = new PrintedNames(names.memories(), module.memoryCount());
    globals = new PrintedNames(names.globals(), module.globalCount());
    tags = new PrintedNames(names.tags(), module.tagCount());
    elems = new PrintedNames(names.elems(), module.elems().size());
    datas = new PrintedNames(names.datas(), module.datas().size());
  }

  /** A use of a field of the struct type at an index. */
  String field(int type, int field) {
    return fields.computeIfAbsent(type, this::fields).use(field);
  }

  private PrintedNames fields(int type) {
    int count =
        module.type(type) instanceof DefType def && def.expand() instanceof StructType struct
            ? struct.fields().size()
            : 0;
    return new PrintedNames(module.names().fields().getOrDefault(type, Map.of()), count);
  }
}
