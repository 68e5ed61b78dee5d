package dev.capsule.engine.types;

import java.util.ArrayList;
import java.util.List;

/** Substitution of a group's own members for its recursive variables (spec 3.1.3, unrolling). */
final class Unrolling {
  private final List<DefType> members;

  private Unrolling(List<DefType> members) {
    this.members = members;
  }

  static SubType of(SubType type, List<DefType> members) {
    if (!mentionsMember(type)) {
      return type;
    }
    Unrolling unrolling = new Unrolling(members);
    List<HeapType> supers = new ArrayList<>();
    for (HeapType heap : type.supers()) {
      supers.add(unrolling.heap(heap));
    }
    return new SubType(type.isFinal(), supers, unrolling.comp(type.comp()));
  }

  private static boolean mentionsMember(SubType type) {
    for (HeapType above : type.supers()) {
      if (above instanceof RecVar) {
        return true;
      }
    }
    return switch (type.comp()) {
      case FuncType func -> mentionsMember(func.params()) || mentionsMember(func.results());
      case StructType struct -> {
        for (FieldType field : struct.fields()) {
          if (isMember(field.storage())) {
            yield true;
          }
        }
        yield false;
      }
      case ArrayType array -> isMember(array.field().storage());
    };
  }

  private static boolean mentionsMember(List<ValType> types) {
    for (ValType type : types) {
      if (isMember(type)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMember(StorageType type) {
    return type instanceof RefType ref && ref.heap() instanceof RecVar;
  }

  private CompType comp(CompType type) {
    return switch (type) {
      case FuncType func -> new FuncType(values(func.params()), values(func.results()));
      case StructType struct -> {
        List<FieldType> fields = new ArrayList<>(struct.fields().size());
        for (FieldType field : struct.fields()) {
          fields.add(field(field));
        }
        yield new StructType(fields);
      }
      case ArrayType array -> new ArrayType(field(array.field()));
    };
  }

  private List<ValType> values(List<ValType> types) {
    List<ValType> unrolled = new ArrayList<>(types.size());
    for (ValType type : types) {
      unrolled.add(value(type));
    }
    return unrolled;
  }

  private FieldType field(FieldType field) {
    return field.storage() instanceof ValType value
        ? new FieldType(field.mutable(), value(value))
        : field;
  }

  private ValType value(ValType type) {
    return type instanceof RefType ref && ref.heap() instanceof RecVar
        ? new RefType(ref.nullable(), heap(ref.heap()))
        : type;
  }

  private HeapType heap(HeapType heap) {
    return heap instanceof RecVar variable ? members.get(variable.index()) : heap;
  }
}
