package dev.capsule.task.guest.javascript;

/** What a module specifier leads to. */
enum ModuleKind {
  /** A module of the SDK or one that Node has built in. */
  BUILTIN,
  /** An ES module. */
  MODULE,
  /** A CommonJS module. */
  COMMONJS,
  /** A JSON file. */
  JSON;

  /** The name in the protocol. */
  String wireName() {
    return switch (this) {
      case BUILTIN -> "builtin";
      case MODULE -> "module";
      case COMMONJS -> "commonjs";
      case JSON -> "json";
    };
  }
}
