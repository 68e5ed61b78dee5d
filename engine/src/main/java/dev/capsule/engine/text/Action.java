package dev.capsule.engine.text;

import java.util.List;
import java.util.Optional;

/** Something done to an instance: the named one, or the last. */
public sealed interface Action {
  Optional<String> instance();

  /** The name of the export. */
  String export();

  /** Calls an exported function. */
  record Invoke(Optional<String> instance, String export, List<Value> arguments)
      implements Action {}

  /** Reads an exported global. */
  record Get(Optional<String> instance, String export) implements Action {}
}
