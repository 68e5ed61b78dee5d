package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;

/** Groups of instructions; each module leaves some of them out, so that others come together. */
enum Family {
  INTEGER,
  FLOAT,
  MEMORY,
  BULK,
  SIMD,
  RELAXED,
  ATOMIC,
  WIDE,
  TABLE,
  REFERENCE,
  AGGREGATE,
  EXCEPTION,
  LEGACY,
  CALL,
  TAIL,
  BLOCK,
  LOOP,
  BRANCH;

  static Family of(Opcode op) {
    return switch (op.feature()) {
      case SIMD -> SIMD;
      case RELAXED_SIMD -> RELAXED;
      case THREADS -> ATOMIC;
      case WIDE_ARITHMETIC -> WIDE;
      case BULK_MEMORY -> BULK;
      default -> {
        if (op.align() >= 0) {
          yield MEMORY;
        }
        String signature = op.signature();
        yield signature.indexOf('f') >= 0 || signature.indexOf('d') >= 0 ? FLOAT : INTEGER;
      }
    };
  }
}
