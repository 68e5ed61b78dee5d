package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Tag;

/** An exception as a value: what {@code exnref} points to (spec 4.2.11). */
public final class ExnObject {
  public final Tag tag;

  /** The arguments in slots, as on the stack; references in {@link #refs} at the same positions. */
  public final long[] slots;

  public final Object[] refs;

  /** What {@link HeapObject#batch} is; null where the host made the exception. */
  final Object batch;

  ExnObject(Tag tag, Object batch, long[] slots, Object[] refs) {
    this.tag = tag;
    this.batch = batch;
    this.slots = slots;
    this.refs = refs;
  }
}
