package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;

/**
 * An array. {@code elements} is a Java array of the element's storage: byte[] for i8, short[] for
 * i16, int[] for i32 and the bits of f32, long[] for i64 and the bits of f64, long[] of twice the
 * length for v128, Object[] for references.
 */
public final class ArrayObject extends HeapObject {
  public final Object elements;
  public final int length;

  public ArrayObject(DefType type, Object batch, Object elements, int length) {
    super(type, batch);
    this.elements = elements;
    this.length = length;
  }
}
