package dev.capsule.engine.types;

/** A reference type (spec 2.3.4). */
public record RefType(boolean nullable, HeapType heap) implements ValType {
  public static final RefType FUNCREF = new RefType(true, AbsHeapType.FUNC);
  public static final RefType EXTERNREF = new RefType(true, AbsHeapType.EXTERN);
  public static final RefType ANYREF = new RefType(true, AbsHeapType.ANY);
  public static final RefType EQREF = new RefType(true, AbsHeapType.EQ);
  public static final RefType I31REF = new RefType(true, AbsHeapType.I31);
  public static final RefType STRUCTREF = new RefType(true, AbsHeapType.STRUCT);
  public static final RefType ARRAYREF = new RefType(true, AbsHeapType.ARRAY);
  public static final RefType EXNREF = new RefType(true, AbsHeapType.EXN);
  public static final RefType NULLREF = new RefType(true, AbsHeapType.NONE);
  public static final RefType NULLFUNCREF = new RefType(true, AbsHeapType.NOFUNC);
  public static final RefType NULLEXTERNREF = new RefType(true, AbsHeapType.NOEXTERN);
  public static final RefType NULLEXNREF = new RefType(true, AbsHeapType.NOEXN);

  /** Below every reference type: what {@code ref.as_non_null} gives in unreachable code. */
  public static final RefType BOTREF = new RefType(false, AbsHeapType.BOT);

  @Override
  public boolean defaultable() {
    return nullable;
  }

  /** This type without or with null. */
  public RefType withNullable(boolean nullable) {
    return nullable == this.nullable ? this : new RefType(nullable, heap);
  }

  @Override
  public String toString() {
    if (nullable && heap instanceof AbsHeapType abs) {
      return switch (abs) {
        case NONE -> "nullref";
        case NOFUNC -> "nullfuncref";
        case NOEXTERN -> "nullexternref";
        case NOEXN -> "nullexnref";
        default -> abs + "ref";
      };
    }
    // Types may be recursive, so a defined type inside another is named by its kind alone.
    String target = heap instanceof DefType type ? type.kind() : heap.toString();
    return "(ref " + (nullable ? "null " : "") + target + ")";
  }
}
