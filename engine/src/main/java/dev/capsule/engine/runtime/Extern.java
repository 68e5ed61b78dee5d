package dev.capsule.engine.runtime;

import dev.capsule.engine.types.ExternType;

/** What an instance exports and imports: a function, table, memory, global or tag (spec 4.2.13). */
public sealed interface Extern permits Func, Table, Memory, Global, Tag {
  /** The type at this moment: the minimum of a memory or table is its present size. */
  ExternType externType();
}
