package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.StructType;
import java.util.List;

/**
 * Where the fields of a struct type lie in a {@link StructObject}. A subtype's layout extends its
 * supertype's.
 */
public final class StructLayout {
  /** The type that objects of this layout get. */
  public final DefType type;

  /** By field: how it is kept. */
  public final Storage[] storage;

  /** By field: the position in {@code scalars} or {@code refs}. */
  public final int[] position;

  /** By field: the slot of its operand of {@code struct.new}, from that of the first field on. */
  public final int[] operand;

  /** Slots that all operands of {@code struct.new} take. */
  public final int operands;

  public final int scalars;
  public final int refs;

  /** What an object counts for in {@link GcHeap}. */
  public final int bytes;

  public StructLayout(DefType type) {
    this.type = type;
    List<FieldType> fields = ((StructType) type.expand()).fields();
    position = new int[fields.size()];
    operand = new int[position.length];
    storage = new Storage[position.length];
    int nextScalar = 0;
    int nextRef = 0;
    int nextOperand = 0;
    for (int i = 0; i < position.length; i++) {
      storage[i] = Storage.of(fields.get(i).storage());
      operand[i] = nextOperand;
      int slots = storage[i] == Storage.V128 ? 2 : 1;
      nextOperand += slots;
      if (storage[i] == Storage.REF) {
        position[i] = nextRef++;
      } else {
        position[i] = nextScalar;
        nextScalar += slots;
      }
    }
    operands = nextOperand;
    scalars = nextScalar;
    refs = nextRef;
    bytes =
        24
            + (scalars == 0 ? 0 : 16 + 8 * scalars)
            + (refs == 0 ? 0 : 16 + Storage.REF.bytes * refs);
  }
}
