package dev.capsule.engine.runtime;

/** An instance of a module (spec 4.2.5). */
public abstract class Instance {
  protected Instance() {}
}
