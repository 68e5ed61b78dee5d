package dev.capsule.engine.runtime;

/** Why execution stopped; the text is that of the official test suite where it has one. */
public enum TrapKind {
  UNREACHABLE("unreachable"),
  OUT_OF_BOUNDS_MEMORY("out of bounds memory access"),
  OUT_OF_BOUNDS_TABLE("out of bounds table access"),
  OUT_OF_BOUNDS_ARRAY("out of bounds array access"),
  /** {@code call_indirect} through a slot behind the table's end. */
  UNDEFINED_ELEMENT("undefined element"),
  /** {@code call_indirect} through a null slot. */
  UNINITIALIZED_ELEMENT("uninitialized element"),
  INDIRECT_CALL_TYPE_MISMATCH("indirect call type mismatch"),
  NULL_REFERENCE("null reference"),
  NULL_FUNCTION("null function reference"),
  NULL_STRUCT("null structure reference"),
  NULL_ARRAY("null array reference"),
  NULL_I31("null i31 reference"),
  NULL_EXCEPTION("null exception reference"),
  CAST_FAILURE("cast failure"),
  INTEGER_DIVIDE_BY_ZERO("integer divide by zero"),
  INTEGER_OVERFLOW("integer overflow"),
  INVALID_CONVERSION("invalid conversion to integer"),
  UNALIGNED_ATOMIC("unaligned atomic"),
  EXPECTED_SHARED_MEMORY("expected shared memory"),
  CALL_STACK_EXHAUSTED("call stack exhausted"),
  /** The store's fuel is used up; the store stays usable once it is given more. */
  OUT_OF_FUEL("out of fuel"),
  /** The store's deadline has passed. */
  DEADLINE("deadline exceeded"),
  /** {@code Store.interrupt} or {@code Thread.interrupt} was called. */
  INTERRUPTED("interrupted"),
  /** The store's limit of heap bytes for structs and arrays is used up. */
  OUT_OF_MEMORY("out of memory"),
  /** An array too large for any heap was asked for. */
  ALLOCATION_SIZE("allocation size too large");

  private final String text;

  TrapKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
