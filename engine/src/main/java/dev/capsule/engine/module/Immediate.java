package dev.capsule.engine.module;

/** The shape of what follows an opcode in the binary and text formats. */
public enum Immediate {
  NONE,
  /** Block type: empty, one value type, or a type index. */
  BLOCK,
  LABEL,
  BR_TABLE,
  FUNC,
  TYPE,
  /** Type index, then table index (in the text format the other way round). */
  TYPE_TABLE,
  TAG,
  LOCAL,
  GLOBAL,
  TABLE,
  /** Destination table, source table. */
  TABLE_TABLE,
  /** Element segment, then table (in the text format the other way round). */
  ELEM_TABLE,
  ELEM,
  DATA,
  MEMORY,
  /** Destination memory, source memory. */
  MEMORY_MEMORY,
  /** Data segment, then memory (in the text format the other way round). */
  DATA_MEMORY,
  MEMARG,
  MEMARG_LANE,
  LANE,
  SHUFFLE,
  I32,
  I64,
  F32,
  F64,
  V128,
  HEAP,
  /** The result types of a typed {@code select}. */
  SELECT,
  TYPE_FIELD,
  TYPE_COUNT,
  TYPE_DATA,
  TYPE_ELEM,
  /** Destination type, source type. */
  TYPE_TYPE,
  BR_ON_CAST,
  /** Block type, then catch clauses. */
  TRY_TABLE,
  /** The reserved byte of {@code atomic.fence}. */
  FENCE
}
