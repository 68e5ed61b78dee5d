package dev.capsule.engine.exec;

import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.VecType;
import java.util.List;

/**
 * Where the fields of a struct type lie in a {@link StructObject}. A subtype extends its supertype.
 */
public final class StructLayout {
  /** By field: the position in {@code scalars} or {@code refs}. */
  public final int[] position;

  public final int scalars;
  public final int refs;

  public StructLayout(StructType type) {
    List<FieldType> fields = type.fields();
    position = new int[fields.size()];
    int nextScalar = 0;
    int nextRef = 0;
    for (int i = 0; i < position.length; i++) {
      var storage = fields.get(i).storage().unpacked();
      if (storage.isRef()) {
        position[i] = nextRef++;
      } else {
        position[i] = nextScalar;
        nextScalar += storage == VecType.V128 ? 2 : 1;
      }
    }
    scalars = nextScalar;
    refs = nextRef;
  }
}
