package dev.capsule.task.guest.javascript;

/**
 * A module.
 *
 * @param kind what it is
 * @param name its path within the sources; for built-in ones the name without {@code node:}
 */
record ModuleId(ModuleKind kind, String name) {
  /** The name under which QuickJS knows it: the path of an ES module, else with its kind. */
  String engineName() {
    return kind == ModuleKind.MODULE ? name : kind.wireName() + ":" + name;
  }

  /** What {@link #engineName} gave. */
  static ModuleId ofEngineName(String name) {
    for (ModuleKind kind : ModuleKind.values()) {
      if (kind != ModuleKind.MODULE && name.startsWith(kind.wireName() + ":")) {
        return new ModuleId(kind, name.substring(kind.wireName().length() + 1));
      }
    }
    return new ModuleId(ModuleKind.MODULE, name);
  }
}
