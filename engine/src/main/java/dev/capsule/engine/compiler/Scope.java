package dev.capsule.engine.compiler;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** A structured instruction that is open. */
final class Scope {
  Opcode opcode;
  int base;
  List<ValType> labelTypes;
  Block join;
  Block header;
  Block orElse;
  Block.Handler outer;
  boolean dead;

  /** Legacy try: the exception that its catch blocks see, and the test that comes next. */
  int exception = -1;

  Block nextClause;

  /** Where a branch to its label goes. */
  Block entry() {
    return header != null ? header : join;
  }
}
