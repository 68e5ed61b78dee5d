package dev.capsule.engine.exec;

/**
 * The callables at the indices of a table that indirect calls of one type have found there before:
 * they need not be checked again.
 */
public final class KnownCallables {
  /**
   * An array of the signature's class, null where nothing was found yet or the table was written
   * since; may be shorter than the table. Null until there is an array.
   */
  public CompiledBody[] array;

  /** Calls that the array was too short for. */
  int missed;

  int length() {
    return array == null ? 0 : array.length;
  }
}
