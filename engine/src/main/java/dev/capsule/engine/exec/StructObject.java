package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;

/**
 * A struct. Field {@code i} that is a number lies in {@code scalars} as in a stack slot (vectors
 * take two, packed fields are kept zero-extended), a reference in {@code refs}; {@link
 * StructLayout} tells where. An array that a type does not need is the empty one.
 */
public final class StructObject extends HeapObject {
  public final long[] scalars;
  public final Object[] refs;

  public StructObject(DefType type, Object batch, long[] scalars, Object[] refs) {
    super(type, batch);
    this.scalars = scalars;
    this.refs = refs;
  }
}
