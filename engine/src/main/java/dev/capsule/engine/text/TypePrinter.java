package dev.capsule.engine.text;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RecVar;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Types as text (spec 6.4), with the indices and names of one module. */
final class TypePrinter {
  private final Module module;
  private final PrintedNames names;
  private final StringBuilder out;
  private final Map<DefType, Integer> indices = new IdentityHashMap<>();

  /** The index of the first type of the group that is being printed. */
  private int groupStart;

  TypePrinter(Module module, StringBuilder out) {
    this.module = module;
    this.out = out;
    this.names = new PrintedNames(module.names().types(), module.typeCount());
    for (int i = 0; i < module.typeCount(); i++) {
      indices.putIfAbsent(module.defType(i), i);
    }
  }

  /** A type index as it is used. */
  String use(int index) {
    return names.use(index);
  }

  /** Prints the definitions of all types, a line for each. */
  void definitions() {
    groupStart = 0;
    for (RecGroup group : module.groups()) {
      List<SubType> members = group.rolled();
      boolean single = members.size() == 1;
      if (!single) {
        out.append("\n  (rec");
      }
      for (int i = 0; i < members.size(); i++) {
        out.append(single ? "\n  (type" : "\n    (type").append(names.define(groupStart + i));
        out.append(' ');
        subType(members.get(i), groupStart + i);
        out.append(')');
      }
      out.append(single ? "" : ")");
      groupStart += members.size();
    }
  }

  private void subType(SubType type, int index) {
    boolean plain = type.isFinal() && type.supers().isEmpty();
    if (!plain) {
      out.append(type.isFinal() ? "(sub final" : "(sub");
      for (HeapType above : type.supers()) {
        out.append(' ').append(heapType(above));
      }
      out.append(' ');
    }
    compType(type.comp(), index);
    out.append(plain ? "" : ")");
  }

  private void compType(CompType type, int index) {
    switch (type) {
      case FuncType func -> {
        out.append("(func");
        signature(func, Map.of());
      }
      case StructType struct -> {
        out.append("(struct");
        PrintedNames fields =
            new PrintedNames(
                module.names().fields().getOrDefault(index, Map.of()), struct.fields().size());
        for (int i = 0; i < struct.fields().size(); i++) {
          out.append(" (field").append(fields.naming(i)).append(' ');
          field(struct.fields().get(i));
          out.append(')');
        }
      }
      case ArrayType array -> {
        out.append("(array ");
        field(array.field());
      }
    }
    out.append(')');
  }

  private void field(FieldType field) {
    String storage = storageType(field.storage());
    out.append(field.mutable() ? "(mut " + storage + ")" : storage);
  }

  /** Prints {@code (param …)* (result …)*}, a space before each. */
  void signature(FuncType type, Map<Integer, String> params) {
    PrintedNames printed = new PrintedNames(params, type.params().size());
    for (int i = 0; i < type.params().size(); i++) {
      out.append(" (param").append(printed.naming(i)).append(' ');
      out.append(valType(type.params().get(i))).append(')');
    }
    if (!type.results().isEmpty()) {
      out.append(" (result");
      for (ValType result : type.results()) {
        out.append(' ').append(valType(result));
      }
      out.append(')');
    }
  }

  /** {@code (type x)} of a function or tag. */
  String typeUse(HeapType type) {
    return "(type " + heapType(type) + ")";
  }

  String heapType(HeapType type) {
    return switch (type) {
      case AbsHeapType abs -> abs.toString();
      case DefType def -> names.use(indices.get(def));
      case RecVar member -> names.use(groupStart + member.index());
      case UnknownType unknown -> names.use(unknown.index());
    };
  }

  private String storageType(StorageType type) {
    return switch (type) {
      case PackedType packed -> packed.toString();
      case ValType value -> valType(value);
    };
  }

  String valType(ValType type) {
    return switch (type) {
      case NumType num -> num.toString();
      case VecType vec -> vec.toString();
      case RefType ref -> refType(ref);
    };
  }

  String refType(RefType type) {
    if (type.nullable() && type.heap() instanceof AbsHeapType) {
      return type.toString();
    }
    return "(ref " + (type.nullable() ? "null " : "") + heapType(type.heap()) + ")";
  }

  String globalType(GlobalType type) {
    return type.mutable() ? "(mut " + valType(type.value()) + ")" : valType(type.value());
  }

  String tableType(TableType type) {
    return address(type.address()) + limits(type.limits()) + " " + refType(type.element());
  }

  String memoryType(MemoryType type) {
    String pageSize =
        type.pageSizeLog2() == MemoryType.DEFAULT_PAGE_SIZE_LOG2
            ? ""
            : " (pagesize " + Long.toUnsignedString(1L << type.pageSizeLog2()) + ")";
    return address(type.address())
        + limits(type.limits())
        + (type.shared() ? " shared" : "")
        + pageSize;
  }

  private static String address(AddressType type) {
    return type == AddressType.I64 ? "i64 " : "";
  }

  private static String limits(Limits limits) {
    return limits.toString();
  }
}
