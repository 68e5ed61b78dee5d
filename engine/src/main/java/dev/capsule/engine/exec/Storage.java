package dev.capsule.engine.exec;

import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.VecType;

/** How a field or an array's elements are kept in Java. */
public enum Storage {
  /** {@code i8}: byte[] */
  I8(1),
  /** {@code i16}: short[] */
  I16(2),
  /** {@code i32} and {@code f32}: int[] */
  BITS32(4),
  /** {@code i64} and {@code f64}: long[] */
  BITS64(8),
  /** {@code v128}: long[], two per element, low half first */
  V128(16),
  /** References: Object[]; with what an i31 takes, which is an object here. */
  REF(16);

  /** Bytes that an element counts for; also those that it takes in a data segment, except REF. */
  public final int bytes;

  Storage(int bytes) {
    this.bytes = bytes;
  }

  public static Storage of(StorageType type) {
    return switch (type) {
      case PackedType packed -> packed == PackedType.I8 ? I8 : I16;
      case NumType num ->
          switch (num) {
            case I32, F32 -> BITS32;
            case I64, F64 -> BITS64;
          };
      case VecType vec -> V128;
      case RefType ref -> REF;
    };
  }
}
