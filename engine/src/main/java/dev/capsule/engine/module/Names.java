package dev.capsule.engine.module;

import java.util.Map;
import java.util.Optional;

/**
 * What the name section says (spec A.4, with the extended kinds), empty where it is absent or
 * malformed: names never decide about validity.
 */
public record Names(
    Optional<String> module,
    Map<Integer, String> functions,
    Map<Integer, Map<Integer, String>> locals,
    Map<Integer, Map<Integer, String>> labels,
    Map<Integer, String> types,
    Map<Integer, String> tables,
    Map<Integer, String> memories,
    Map<Integer, String> globals,
    Map<Integer, String> elems,
    Map<Integer, String> datas,
    Map<Integer, Map<Integer, String>> fields,
    Map<Integer, String> tags) {
  public static final Names NONE =
      new Names(
          Optional.empty(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of());

  /** Whether nothing has a name. */
  public boolean isEmpty() {
    return module.isEmpty()
        && functions.isEmpty()
        && locals.isEmpty()
        && labels.isEmpty()
        && types.isEmpty()
        && tables.isEmpty()
        && memories.isEmpty()
        && globals.isEmpty()
        && elems.isEmpty()
        && datas.isEmpty()
        && fields.isEmpty()
        && tags.isEmpty();
  }
}
