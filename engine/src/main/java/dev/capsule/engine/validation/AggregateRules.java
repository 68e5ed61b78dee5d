package dev.capsule.engine.validation;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** Structs and arrays (spec 3.4.11). */
final class AggregateRules {
  /** More operands in one instruction than any toolchain makes. */
  private static final int MAX_FIXED = 10_000;

  private AggregateRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    switch (in.opcode) {
      case STRUCT_NEW -> {
        List<FieldType> fields = struct(typer, in.index).fields();
        ValType[] values = new ValType[fields.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = fields.get(i).storage().unpacked();
        }
        typer.pop(values);
        typer.push(reference(typer, in.index));
      }
      case STRUCT_NEW_DEFAULT -> {
        for (FieldType field : struct(typer, in.index).fields()) {
          requireDefaultable(typer, field);
        }
        typer.push(reference(typer, in.index));
      }
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
        FieldType field = field(typer, in);
        requireExtension(typer, in, field.storage());
        typer.pop(nullable(typer, in.index));
        typer.push(field.storage().unpacked());
      }
      case STRUCT_SET -> {
        FieldType field = field(typer, in);
        if (!field.mutable()) {
          throw typer.invalid("immutable field " + in.index2 + " of type " + in.index);
        }
        typer.pop(new ValType[] {nullable(typer, in.index), field.storage().unpacked()});
      }
      case ARRAY_NEW -> {
        FieldType field = array(typer, in.index);
        typer.pop(new ValType[] {field.storage().unpacked(), NumType.I32});
        typer.push(reference(typer, in.index));
      }
      case ARRAY_NEW_DEFAULT -> {
        requireDefaultable(typer, array(typer, in.index));
        typer.pop(NumType.I32);
        typer.push(reference(typer, in.index));
      }
      case ARRAY_NEW_FIXED -> {
        ValType value = array(typer, in.index).storage().unpacked();
        if (Integer.compareUnsigned(in.index2, MAX_FIXED) > 0) {
          throw typer.invalid(
              "array.new_fixed of "
                  + Integer.toUnsignedString(in.index2)
                  + " elements, over "
                  + MAX_FIXED);
        }
        for (int i = 0; i < in.index2; i++) {
          typer.pop(value);
        }
        typer.push(reference(typer, in.index));
      }
      case ARRAY_NEW_DATA -> {
        requireBytes(typer, array(typer, in.index));
        typer.requireData(in.index2);
        typer.pop(new ValType[] {NumType.I32, NumType.I32});
        typer.push(reference(typer, in.index));
      }
      case ARRAY_NEW_ELEM -> {
        requireElements(typer, array(typer, in.index), TableRules.elem(typer, in.index2));
        typer.pop(new ValType[] {NumType.I32, NumType.I32});
        typer.push(reference(typer, in.index));
      }
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        StorageType storage = array(typer, in.index).storage();
        requireExtension(typer, in, storage);
        typer.pop(new ValType[] {nullable(typer, in.index), NumType.I32});
        typer.push(storage.unpacked());
      }
      case ARRAY_SET -> {
        ValType value = mutableArray(typer, in.index).storage().unpacked();
        typer.pop(new ValType[] {nullable(typer, in.index), NumType.I32, value});
      }
      case ARRAY_LEN -> {
        typer.pop(RefType.ARRAYREF);
        typer.push(NumType.I32);
      }
      case ARRAY_FILL -> {
        ValType value = mutableArray(typer, in.index).storage().unpacked();
        typer.pop(new ValType[] {nullable(typer, in.index), NumType.I32, value, NumType.I32});
      }
      case ARRAY_COPY -> {
        FieldType target = mutableArray(typer, in.index);
        FieldType source = array(typer, in.index2);
        if (!Subtyping.matches(source.storage(), target.storage())) {
          throw typer.invalid(
              "array types do not match: "
                  + source.storage()
                  + " cannot be stored as "
                  + target.storage());
        }
        typer.pop(
            new ValType[] {
              nullable(typer, in.index),
              NumType.I32,
              nullable(typer, in.index2),
              NumType.I32,
              NumType.I32
            });
      }
      case ARRAY_INIT_DATA -> {
        requireBytes(typer, mutableArray(typer, in.index));
        typer.requireData(in.index2);
        popInit(typer, in.index);
      }
      case ARRAY_INIT_ELEM -> {
        requireElements(typer, mutableArray(typer, in.index), TableRules.elem(typer, in.index2));
        popInit(typer, in.index);
      }
      default -> throw new AssertionError(in.opcode);
    }
  }

  private static void popInit(OperandTyper typer, int index) {
    typer.pop(new ValType[] {nullable(typer, index), NumType.I32, NumType.I32, NumType.I32});
  }

  private static RefType reference(OperandTyper typer, int index) {
    return new RefType(false, typer.defType(index));
  }

  private static RefType nullable(OperandTyper typer, int index) {
    return new RefType(true, typer.defType(index));
  }

  private static StructType struct(OperandTyper typer, int index) {
    DefType type = typer.defType(index);
    if (type.expand() instanceof StructType struct) {
      return struct;
    }
    throw typer.invalid("type mismatch: non-structure type " + index);
  }

  private static FieldType array(OperandTyper typer, int index) {
    DefType type = typer.defType(index);
    if (type.expand() instanceof ArrayType array) {
      return array.field();
    }
    throw typer.invalid("type mismatch: non-array type " + index);
  }

  private static FieldType mutableArray(OperandTyper typer, int index) {
    FieldType field = array(typer, index);
    if (!field.mutable()) {
      throw typer.invalid("immutable array: type " + index);
    }
    return field;
  }

  private static FieldType field(OperandTyper typer, InstructionReader in) {
    List<FieldType> fields = struct(typer, in.index).fields();
    if (Integer.compareUnsigned(in.index2, fields.size()) >= 0) {
      throw typer.unknown("field", in.index2);
    }
    return fields.get(in.index2);
  }

  private static void requireDefaultable(OperandTyper typer, FieldType field) {
    if (!field.storage().defaultable()) {
      throw typer.invalid("type mismatch: field type " + field + " is not defaultable");
    }
  }

  /** Packed storage is read with, other storage without a sign or zero extension. */
  private static void requireExtension(
      OperandTyper typer, InstructionReader in, StorageType storage) {
    boolean extends32 =
        switch (in.opcode) {
          case STRUCT_GET, ARRAY_GET -> false;
          default -> true;
        };
    if (extends32 != storage instanceof PackedType) {
      throw typer.invalid(
          "type mismatch: " + in.opcode + " does not fit a field of type " + storage);
    }
  }

  private static void requireBytes(OperandTyper typer, FieldType field) {
    if (field.storage() instanceof RefType type) {
      throw typer.invalid("array type is not numeric or vector: " + type);
    }
  }

  private static void requireElements(OperandTyper typer, FieldType field, RefType element) {
    if (!(field.storage() instanceof RefType type) || !Subtyping.matches(element, type)) {
      throw typer.invalid(
          "type mismatch: element segment of "
              + element
              + " does not match array of "
              + field.storage());
    }
  }
}
