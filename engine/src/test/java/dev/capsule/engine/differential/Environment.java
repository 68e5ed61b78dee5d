package dev.capsule.engine.differential;

import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What the code of one module may name, by index space. */
final class Environment {
  final List<RecGroup> groups = new ArrayList<>();
  final List<DefType> types = new ArrayList<>();
  final List<Integer> structs = new ArrayList<>();
  final List<Integer> arrays = new ArrayList<>();
  final List<Integer> signatures = new ArrayList<>();

  final List<DefType> funcs = new ArrayList<>();
  final List<TableType> tables = new ArrayList<>();
  final List<MemoryType> memories = new ArrayList<>();
  final List<GlobalType> globals = new ArrayList<>();
  final List<DefType> tags = new ArrayList<>();
  final List<RefType> elems = new ArrayList<>();
  final List<Integer> elemSizes = new ArrayList<>();
  final List<Integer> dataSizes = new ArrayList<>();

  /** Where a function lies in a table from the start. */
  final Map<Integer, Slot> slots = new HashMap<>();

  int importedFuncs;

  /** Families in use. */
  final EnumSet<Family> families;

  /** Whether instructions whose NaNs are open are followed by code that makes them canonical. */
  final boolean canonical;

  private final Map<DefType, Integer> indices = new IdentityHashMap<>();
  private final Map<FuncType, Integer> blockTypes = new HashMap<>();

  record Slot(int table, int index) {}

  Environment(EnumSet<Family> families, boolean canonical) {
    this.families = families;
    this.canonical = canonical;
  }

  void add(RecGroup group) {
    groups.add(group);
    for (DefType type : group.types()) {
      int index = types.size();
      types.add(type);
      indices.putIfAbsent(type, index);
      switch (type.expand()) {
        case StructType struct -> structs.add(index);
        case ArrayType array -> arrays.add(index);
        case FuncType func -> {
          signatures.add(index);
          blockTypes.putIfAbsent(func, index);
        }
      }
    }
  }

  /** The index of a type, or -1. */
  int index(DefType type) {
    return indices.getOrDefault(type, -1);
  }

  /** The index of a function type; it is added where there is none. */
  int signature(List<ValType> params, List<ValType> results) {
    FuncType type = new FuncType(params, results);
    if (!blockTypes.containsKey(type)) {
      add(RecGroup.func(type).group());
    }
    return blockTypes.get(type);
  }

  boolean uses(Family family) {
    return families.contains(family);
  }

  long bytes(MemoryType memory) {
    return memory.limits().min() << memory.pageSizeLog2();
  }
}
