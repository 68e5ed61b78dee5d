package dev.capsule.engine.binary;

import dev.capsule.engine.module.ByteReader;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RecVar;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads recursive groups (spec 5.3.8 to 5.3.10) and knows what type indices mean: while a group is
 * read its own members are variables, as {@link RecGroup#of} wants them.
 */
final class TypeSection {
  private static final int REC = 0x4E;
  private static final int SUB_FINAL = 0x4F;
  private static final int SUB = 0x50;
  private static final int ARRAY = 0x5E;
  private static final int STRUCT = 0x5F;
  private static final int FUNC = 0x60;

  private final List<DefType> types = new ArrayList<>();
  private int open;

  /** What a type index means here. */
  HeapType type(int index) {
    if (index >= 0 && index < types.size()) {
      return types.get(index);
    }
    return index >= 0 && index - types.size() < open
        ? new RecVar(index - types.size())
        : new UnknownType(index);
  }

  RecGroup group(ByteReader in) {
    List<SubType> members = new ArrayList<>(1);
    if (in.peek() == REC) {
      in.byteU();
      open = in.count();
      for (int i = 0; i < open; i++) {
        members.add(subType(in));
      }
    } else {
      open = 1;
      members.add(subType(in));
    }
    open = 0;
    RecGroup group = RecGroup.of(members);
    types.addAll(group.types());
    return group;
  }

  private SubType subType(ByteReader in) {
    int code = in.peek();
    if (code != SUB && code != SUB_FINAL) {
      return new SubType(true, List.of(), compType(in));
    }
    in.byteU();
    int count = in.count();
    List<HeapType> supers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      supers.add(type(in.u32()));
    }
    return new SubType(code == SUB_FINAL, supers, compType(in));
  }

  private CompType compType(ByteReader in) {
    int at = in.position();
    int code = in.byteU();
    return switch (code) {
      case FUNC -> {
        List<ValType> params = valTypes(in);
        yield new FuncType(params, valTypes(in));
      }
      case STRUCT -> {
        int count = in.count();
        List<FieldType> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          fields.add(field(in));
        }
        yield new StructType(fields);
      }
      case ARRAY -> new ArrayType(field(in));
      default ->
          throw in.malformed(
              code < 0x80 ? "malformed definition type" : "integer representation too long", at);
    };
  }

  private static List<ValType> valTypes(ByteReader in) {
    int count = in.count();
    List<ValType> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.valType());
    }
    return types;
  }

  private static FieldType field(ByteReader in) {
    StorageType storage =
        switch (in.peek()) {
          case 0x78 -> PackedType.I8;
          case 0x77 -> PackedType.I16;
          default -> null;
        };
    if (storage == null) {
      storage = in.valType();
    } else {
      in.byteU();
    }
    return new FieldType(Decoder.mutability(in), storage);
  }
}
