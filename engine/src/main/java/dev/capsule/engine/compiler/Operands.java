package dev.capsule.engine.compiler;

import dev.capsule.engine.module.Opcode;

/** How many operands an instruction takes, where that is not a matter of a function's type. */
final class Operands {
  private Operands() {}

  static int pops(Opcode op) {
    if (op.signature() != null) {
      return op.signature().indexOf(':');
    }
    return switch (op) {
      case GLOBAL_GET, TABLE_SIZE, REF_NULL, REF_FUNC, STRUCT_NEW_DEFAULT -> 0;
      case GLOBAL_SET,
          TABLE_GET,
          REF_IS_NULL,
          REF_AS_NON_NULL,
          STRUCT_GET,
          STRUCT_GET_S,
          STRUCT_GET_U,
          ARRAY_NEW_DEFAULT,
          ARRAY_LEN,
          REF_TEST,
          REF_TEST_NULL,
          REF_CAST,
          REF_CAST_NULL,
          ANY_CONVERT_EXTERN,
          EXTERN_CONVERT_ANY,
          REF_I31,
          I31_GET_S,
          I31_GET_U ->
          1;
      case TABLE_SET,
          TABLE_GROW,
          REF_EQ,
          STRUCT_SET,
          ARRAY_NEW,
          ARRAY_NEW_DATA,
          ARRAY_NEW_ELEM,
          ARRAY_GET,
          ARRAY_GET_S,
          ARRAY_GET_U ->
          2;
      case TABLE_FILL, TABLE_COPY, TABLE_INIT, MEMORY_COPY, ARRAY_SET -> 3;
      case ARRAY_FILL, ARRAY_INIT_DATA, ARRAY_INIT_ELEM -> 4;
      case ARRAY_COPY -> 5;
      default -> throw new IllegalArgumentException(op + " has no fixed number of operands");
    };
  }
}
