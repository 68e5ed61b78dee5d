package dev.capsule.engine.runtime;

/**
 * Everything that instances own (spec 4.2.3), with one budget of fuel, memory and time. A store is
 * used by one thread at a time.
 */
public abstract class Store {
  protected Store() {}
}
