package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;

/** A struct or array of the GC proposal. */
public abstract class HeapObject {
  /** The type with which the object was made. */
  public final DefType type;

  /**
   * The allocation batch, held so that the store learns when all objects of a batch are gone: that
   * is how heap bytes are counted without work per object.
   */
  final Object batch;

  protected HeapObject(DefType type, Object batch) {
    this.type = type;
    this.batch = batch;
  }
}
