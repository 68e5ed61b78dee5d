package dev.capsule.engine.types;

import java.lang.invoke.VarHandle;

/**
 * A defined type in canonical form: one member of a {@link RecGroup} (spec 3.1.3). Equal types are
 * the same object. The display of supertypes makes a subtype test one comparison.
 */
public final class DefType implements HeapType {
  private final RecGroup group;
  private final int index;
  private SubType unrolled;
  private DefType[] display;

  DefType(RecGroup group, int index) {
    this.group = group;
    this.index = index;
  }

  void unroll(SubType type) {
    this.unrolled = type;
  }

  /** The group that this type belongs to. */
  public RecGroup group() {
    return group;
  }

  /** The position in the group. */
  public int index() {
    return index;
  }

  /** The definition, with all references resolved. */
  public SubType unrolled() {
    return unrolled;
  }

  /** The composite type (spec 3.1.3, expansion). */
  public CompType expand() {
    return unrolled.comp();
  }

  /** The function type, or null where this is a struct or an array. */
  public FuncType asFunc() {
    return unrolled.comp() instanceof FuncType func ? func : null;
  }

  /** The number of supertypes above this type. */
  public int depth() {
    return display().length - 1;
  }

  /** Whether this type is {@code other} or a declared subtype of it. */
  public boolean isSubtypeOf(DefType other) {
    if (this == other) {
      return true;
    }
    DefType[] mine = display();
    int depth = other.display().length - 1;
    return depth < mine.length && mine[depth] == other;
  }

  /**
   * The chain of supertypes, outermost first, this type last. Filled on first use; a race fills it
   * twice with equal content. A chain that does not end (invalid modules only) is cut.
   */
  private DefType[] display() {
    DefType[] chain = display;
    if (chain == null) {
      int depth = 0;
      DefType up = this;
      while (depth < MAX_DEPTH && up.parent() != null && up.parent() != this) {
        up = up.parent();
        depth++;
      }
      chain = new DefType[depth + 1];
      up = this;
      for (int i = depth; i >= 0; i--) {
        chain[i] = up;
        up = up.parent();
      }
      // Another thread that sees the array must see its elements.
      VarHandle.releaseFence();
      display = chain;
    }
    return chain;
  }

  private DefType parent() {
    return unrolled.supers().isEmpty() || !(unrolled.supers().get(0) instanceof DefType type)
        ? null
        : type;
  }

  /** More than the specification's limit of 63 levels. */
  private static final int MAX_DEPTH = 1000;

  /** {@code func}, {@code struct} or {@code array}, with the number of parts. */
  String kind() {
    return switch (unrolled.comp()) {
      case FuncType func -> "(func " + func.params().size() + " -> " + func.results().size() + ")";
      case StructType struct -> "(struct " + struct.fields().size() + ")";
      case ArrayType array ->
          array.field().storage() instanceof RefType
              ? "(array ref)"
              : "(array " + array.field() + ")";
    };
  }

  @Override
  public String toString() {
    return unrolled.comp() instanceof FuncType func ? "(func " + func + ")" : kind();
  }
}
