package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FuncInstance;

/** What a computation gets from the host function in which it was suspended. */
@FunctionalInterface
public interface Answer {
  /**
   * Puts the results to slots from {@code sp} on, where the arguments lie.
   *
   * @param function the host function of that name in the new instance
   */
  void give(FuncInstance function, ExecStore store, int sp);
}
