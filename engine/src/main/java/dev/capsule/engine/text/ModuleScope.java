package dev.capsule.engine.text;

import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RecVar;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What identifiers and type indices mean in one module (spec 6.1.6). */
final class ModuleScope {
  final IndexSpace types = new IndexSpace("type");
  final IndexSpace funcs = new IndexSpace("func");
  final IndexSpace tables = new IndexSpace("table");
  final IndexSpace memories = new IndexSpace("memory");
  final IndexSpace globals = new IndexSpace("global");
  final IndexSpace tags = new IndexSpace("tag");
  final IndexSpace elems = new IndexSpace("elem segment");
  final IndexSpace datas = new IndexSpace("data segment");

  /** The fields of struct types, by type index. */
  final Map<Integer, IndexSpace> fields = new HashMap<>();

  /** Whether code names a data segment, so that the binary format needs a data count. */
  boolean usesDataIndex;

  private final List<RecGroup> groups;
  private final List<DefType> defined = new ArrayList<>();
  private final IdentityHashMap<DefType, Integer> first = new IdentityHashMap<>();

  /**
   * @param groups collects the groups
   */
  ModuleScope(List<RecGroup> groups) {
    this.groups = groups;
  }

  /** The type at an index, as far as types are defined yet. */
  HeapType type(int index) {
    return index >= 0 && index < defined.size() ? defined.get(index) : new UnknownType(index);
  }

  /** The function type at an index, or null where there is none. */
  FuncType funcType(int index) {
    return type(index) instanceof DefType def ? def.asFunc() : null;
  }

  /** Defines the next recursive group; references are {@link UnknownType}s with their index. */
  void define(List<SubType> members) {
    int start = defined.size();
    IntFunction<HeapType> resolve =
        index ->
            index >= start && index < start + members.size()
                ? new RecVar(index - start)
                : type(index);
    List<SubType> resolved = new ArrayList<>(members.size());
    for (SubType member : members) {
      List<HeapType> supers = new ArrayList<>();
      for (HeapType sup : member.supers()) {
        supers.add(heap(sup, resolve));
      }
      resolved.add(new SubType(member.isFinal(), supers, comp(member.comp(), resolve)));
    }
    add(RecGroup.of(resolved));
  }

  private void add(RecGroup group) {
    groups.add(group);
    for (DefType type : group.types()) {
      first.putIfAbsent(type, defined.size());
      defined.add(type);
    }
  }

  /** The first index of a function type, which is appended where the module has none (6.4.6). */
  int typeIndex(FuncType type) {
    DefType def = RecGroup.func(type);
    Integer index = first.get(def);
    if (index != null) {
      return index;
    }
    types.skip(1);
    add(def.group());
    return defined.size() - 1;
  }

  /** The first index of a defined type, unresolved, as code holds it. */
  UnknownType indexOf(DefType type) {
    return new UnknownType(first.get(type));
  }

  ValType resolve(ValType type) {
    return value(type, this::type);
  }

  RefType resolve(RefType type) {
    return (RefType) value(type, this::type);
  }

  FuncType resolve(FuncType type) {
    return (FuncType) comp(type, this::type);
  }

  private static CompType comp(CompType type, IntFunction<HeapType> resolve) {
    return switch (type) {
      case FuncType func ->
          new FuncType(values(func.params(), resolve), values(func.results(), resolve));
      case StructType struct -> {
        List<FieldType> fields = new ArrayList<>(struct.fields().size());
        for (FieldType field : struct.fields()) {
          fields.add(field(field, resolve));
        }
        yield new StructType(fields);
      }
      case ArrayType array -> new ArrayType(field(array.field(), resolve));
    };
  }

  private static List<ValType> values(List<ValType> types, IntFunction<HeapType> resolve) {
    List<ValType> resolved = new ArrayList<>(types.size());
    for (ValType type : types) {
      resolved.add(value(type, resolve));
    }
    return resolved;
  }

  private static FieldType field(FieldType field, IntFunction<HeapType> resolve) {
    return field.storage() instanceof ValType value
        ? new FieldType(field.mutable(), value(value, resolve))
        : field;
  }

  private static ValType value(ValType type, IntFunction<HeapType> resolve) {
    return type instanceof RefType ref && ref.heap() instanceof UnknownType
        ? new RefType(ref.nullable(), heap(ref.heap(), resolve))
        : type;
  }

  private static HeapType heap(HeapType type, IntFunction<HeapType> resolve) {
    return type instanceof UnknownType unresolved ? resolve.apply(unresolved.index()) : type;
  }
}
