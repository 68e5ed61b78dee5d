package dev.capsule.engine.types;

/** What an import asks for and an export offers (spec 2.3.15). */
public sealed interface ExternType permits ExternFunc, TableType, MemoryType, GlobalType, TagType {
  /** The kind of entity. */
  ExternKind kind();
}
