package dev.capsule.engine.binary;

import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.ExternFunc;
import dev.capsule.engine.types.ExternType;
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
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes types (spec 5.3). Equal types are one object, so they get the first of their indices. */
final class TypeWriter {
  private final Map<DefType, Integer> indices = new IdentityHashMap<>();
  private int next;

  void group(ByteWriter out, RecGroup group) {
    List<SubType> members = group.rolled();
    if (members.size() != 1) {
      out.u8(0x4E);
      out.u32(members.size());
    }
    for (SubType member : members) {
      subType(out, member);
    }
    for (DefType type : group.types()) {
      indices.putIfAbsent(type, next++);
    }
  }

  private void subType(ByteWriter out, SubType type) {
    if (!type.isFinal() || !type.supers().isEmpty()) {
      out.u8(type.isFinal() ? 0x4F : 0x50);
      out.u32(type.supers().size());
      for (HeapType above : type.supers()) {
        out.u32(index(above));
      }
    }
    compType(out, type.comp());
  }

  private void compType(ByteWriter out, CompType type) {
    switch (type) {
      case FuncType func -> {
        out.u8(0x60);
        valTypes(out, func.params());
        valTypes(out, func.results());
      }
      case StructType struct -> {
        out.u8(0x5F);
        out.u32(struct.fields().size());
        for (FieldType field : struct.fields()) {
          field(out, field);
        }
      }
      case ArrayType array -> {
        out.u8(0x5E);
        field(out, array.field());
      }
    }
  }

  private void valTypes(ByteWriter out, List<ValType> types) {
    out.u32(types.size());
    for (ValType type : types) {
      valType(out, type);
    }
  }

  private void field(ByteWriter out, FieldType field) {
    StorageType storage = field.storage();
    switch (storage) {
      case PackedType.I8 -> out.u8(0x78);
      case PackedType.I16 -> out.u8(0x77);
      case ValType value -> valType(out, value);
    }
    out.u8(field.mutable() ? 1 : 0);
  }

  void valType(ByteWriter out, ValType type) {
    switch (type) {
      case NumType num ->
          out.u8(
              switch (num) {
                case I32 -> 0x7F;
                case I64 -> 0x7E;
                case F32 -> 0x7D;
                case F64 -> 0x7C;
              });
      case VecType vec -> out.u8(0x7B);
      case RefType ref -> refType(out, ref);
    }
  }

  void refType(ByteWriter out, RefType type) {
    if (type.nullable() && type.heap() instanceof AbsHeapType abs) {
      out.u8(abs.code());
      return;
    }
    out.u8(type.nullable() ? 0x63 : 0x64);
    if (type.heap() instanceof AbsHeapType abs) {
      out.u8(abs.code());
    } else {
      out.s64(Integer.toUnsignedLong(index(type.heap())));
    }
  }

  /** The index of a type; members of the group that is being written come after all others. */
  int index(HeapType type) {
    return switch (type) {
      case DefType def -> indices.get(def);
      case RecVar member -> next + member.index();
      case UnknownType unknown -> unknown.index();
      case AbsHeapType abs -> throw new IllegalArgumentException(abs + " has no index");
    };
  }

  void externType(ByteWriter out, ExternType type) {
    out.u8(type.kind().ordinal());
    switch (type) {
      case ExternFunc func -> out.u32(index(func.type()));
      case TableType table -> tableType(out, table);
      case MemoryType memory -> memoryType(out, memory);
      case GlobalType global -> globalType(out, global);
      case TagType tag -> tagType(out, tag);
    }
  }

  void tableType(ByteWriter out, TableType type) {
    refType(out, type.element());
    out.u8(flags(type.address(), type.limits()));
    limits(out, type.limits());
  }

  void memoryType(ByteWriter out, MemoryType type) {
    boolean sized = type.pageSizeLog2() != MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    int flags = flags(type.address(), type.limits()) | (type.shared() ? 2 : 0) | (sized ? 8 : 0);
    out.u8(flags);
    limits(out, type.limits());
    if (sized) {
      out.u32(type.pageSizeLog2());
    }
  }

  private static int flags(AddressType address, Limits limits) {
    return (limits.max().isPresent() ? 1 : 0) | (address == AddressType.I64 ? 4 : 0);
  }

  private static void limits(ByteWriter out, Limits limits) {
    out.u64(limits.min());
    limits.max().ifPresent(out::u64);
  }

  void globalType(ByteWriter out, GlobalType type) {
    valType(out, type.value());
    out.u8(type.mutable() ? 1 : 0);
  }

  void tagType(ByteWriter out, TagType type) {
    out.u8(0);
    out.u32(index(type.type()));
  }
}
