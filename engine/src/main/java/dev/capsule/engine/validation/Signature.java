package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;

/** What {@link OperandTyper} needs to know of an opcode, computed once from the opcode table. */
final class Signature {
  /** Who checks an instruction. */
  enum Family {
    SIMPLE,
    VARIABLE,
    CONTROL,
    EXCEPTION,
    ACCESS,
    LANE,
    MEMORY,
    TABLE,
    REFERENCE,
    AGGREGATE
  }

  private static final Signature[] TABLE = new Signature[Opcode.values().length];

  static {
    for (Opcode opcode : Opcode.values()) {
      TABLE[opcode.ordinal()] = new Signature(opcode);
    }
  }

  final Family family;

  /** Any of these features admits the instruction: a set of bits by ordinal. */
  final long features;

  /** The number of lanes of the vector that a lane index selects from. */
  final int lanes;

  private final ValType[] params;
  private final ValType[] results;
  private final ValType[] params64;
  private final ValType[] results64;

  private Signature(Opcode opcode) {
    String text = opcode.signature();
    family = family(opcode);
    features =
        opcode == Opcode.THROW
            ? bit(Feature.EXCEPTIONS) | bit(Feature.LEGACY_EXCEPTIONS)
            : bit(opcode.feature());
    lanes = lanes(opcode);
    int colon = text == null ? -1 : text.indexOf(':');
    if (colon < 0) {
      params = results = params64 = results64 = new ValType[0];
    } else {
      params = types(text.substring(0, colon), AddressType.I32);
      results = types(text.substring(colon + 1), AddressType.I32);
      boolean addressed = text.indexOf('p') >= 0;
      params64 = addressed ? types(text.substring(0, colon), AddressType.I64) : params;
      results64 = addressed ? types(text.substring(colon + 1), AddressType.I64) : results;
    }
  }

  static Signature of(Opcode opcode) {
    return TABLE[opcode.ordinal()];
  }

  static long bit(Feature feature) {
    return 1L << feature.ordinal();
  }

  ValType[] params() {
    return params;
  }

  ValType[] results() {
    return results;
  }

  ValType[] params(AddressType address) {
    return address == AddressType.I64 ? params64 : params;
  }

  ValType[] results(AddressType address) {
    return address == AddressType.I64 ? results64 : results;
  }

  private static ValType[] types(String letters, AddressType address) {
    ValType[] types = new ValType[letters.length()];
    for (int i = 0; i < types.length; i++) {
      types[i] =
          switch (letters.charAt(i)) {
            case 'i' -> NumType.I32;
            case 'l' -> NumType.I64;
            case 'f' -> NumType.F32;
            case 'd' -> NumType.F64;
            case 'v' -> VecType.V128;
            case 'p' -> address.valType();
            default -> throw new AssertionError(letters);
          };
    }
    return types;
  }

  private static int lanes(Opcode opcode) {
    Immediate immediate = opcode.immediate();
    if (immediate == Immediate.MEMARG_LANE) {
      return 16 >> opcode.align();
    }
    if (immediate == Immediate.LANE) {
      String name = opcode.mnemonic();
      return Integer.parseInt(name.substring(name.indexOf('x') + 1, name.indexOf('.')));
    }
    return 32;
  }

  private static Family family(Opcode opcode) {
    return switch (opcode.immediate()) {
      case I32, I64, F32, F64, V128, FENCE -> Family.SIMPLE;
      case LOCAL, GLOBAL -> Family.VARIABLE;
      case BLOCK -> opcode == Opcode.TRY ? Family.EXCEPTION : Family.CONTROL;
      case BR_TABLE, FUNC, TYPE_TABLE, SELECT ->
          opcode == Opcode.REF_FUNC ? Family.REFERENCE : Family.CONTROL;
      case LABEL ->
          switch (opcode) {
            case BR_ON_NULL, BR_ON_NON_NULL -> Family.REFERENCE;
            case DELEGATE, RETHROW -> Family.EXCEPTION;
            default -> Family.CONTROL;
          };
      case TAG, TRY_TABLE -> Family.EXCEPTION;
      case MEMARG, MEMARG_LANE -> Family.ACCESS;
      case LANE, SHUFFLE -> Family.LANE;
      case MEMORY, MEMORY_MEMORY, DATA_MEMORY, DATA -> Family.MEMORY;
      case TABLE, TABLE_TABLE, ELEM_TABLE, ELEM -> Family.TABLE;
      case HEAP, BR_ON_CAST -> Family.REFERENCE;
      case TYPE_FIELD, TYPE_COUNT, TYPE_DATA, TYPE_ELEM, TYPE_TYPE -> Family.AGGREGATE;
      case TYPE ->
          opcode == Opcode.CALL_REF || opcode == Opcode.RETURN_CALL_REF
              ? Family.CONTROL
              : Family.AGGREGATE;
      case NONE ->
          switch (opcode) {
            case UNREACHABLE, ELSE, END, RETURN, DROP, SELECT -> Family.CONTROL;
            case THROW_REF, CATCH_ALL -> Family.EXCEPTION;
            case REF_IS_NULL,
                REF_AS_NON_NULL,
                REF_EQ,
                REF_I31,
                I31_GET_S,
                I31_GET_U,
                ANY_CONVERT_EXTERN,
                EXTERN_CONVERT_ANY ->
                Family.REFERENCE;
            case ARRAY_LEN -> Family.AGGREGATE;
            default -> Family.SIMPLE;
          };
    };
  }
}
