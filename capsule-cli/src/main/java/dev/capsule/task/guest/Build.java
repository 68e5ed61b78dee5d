package dev.capsule.task.guest;

import java.util.List;
import java.util.Map;

/**
 * What is known of a program before it runs; kept in the build cache and handed back with every
 * run.
 *
 * @param tasks the declared tasks in the order of declaration, names unique (the last declaration
 *     of a name counts); the implicit main comes last
 * @param outputs whatever the runtime wants to find again (transpiled modules, byte code), by a
 *     name of its choice
 */
public record Build(List<TaskDeclaration> tasks, Map<String, byte[]> outputs) {
  /** Keeps its own copy of both collections. */
  public Build {
    tasks = List.copyOf(tasks);
    outputs = Map.copyOf(outputs);
  }
}
