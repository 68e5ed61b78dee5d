package dev.capsule.engine.types;

import java.util.List;

/**
 * The subtyping (matching) relation of section 3.3. Every method asks: is {@code a} below {@code
 * b}?
 */
public final class Subtyping {
  private Subtyping() {}

  public static boolean matches(ValType a, ValType b) {
    return a == b || a instanceof RefType x && b instanceof RefType y && matches(x, y);
  }

  public static boolean matches(RefType a, RefType b) {
    return (!a.nullable() || b.nullable()) && matches(a.heap(), b.heap());
  }

  public static boolean matches(HeapType a, HeapType b) {
    if (a == b) {
      return true;
    }
    if (a instanceof DefType x) {
      if (b instanceof DefType y) {
        return x.isSubtypeOf(y);
      }
      return b instanceof AbsHeapType y && matches(abstraction(x), y);
    }
    if (!(a instanceof AbsHeapType x)) {
      return false;
    }
    if (b instanceof DefType y) {
      return x == AbsHeapType.BOT
          || x == (y.asFunc() != null ? AbsHeapType.NOFUNC : AbsHeapType.NONE);
    }
    return b instanceof AbsHeapType y && matches(x, y);
  }

  private static boolean matches(AbsHeapType a, AbsHeapType b) {
    if (a == b || a == AbsHeapType.BOT) {
      return true;
    }
    return switch (b) {
      case ANY ->
          switch (a) {
            case EQ, I31, STRUCT, ARRAY, NONE -> true;
            default -> false;
          };
      case EQ ->
          switch (a) {
            case I31, STRUCT, ARRAY, NONE -> true;
            default -> false;
          };
      case I31, STRUCT, ARRAY -> a == AbsHeapType.NONE;
      case FUNC -> a == AbsHeapType.NOFUNC;
      case EXTERN -> a == AbsHeapType.NOEXTERN;
      case EXN -> a == AbsHeapType.NOEXN;
      case NONE, NOFUNC, NOEXTERN, NOEXN, BOT -> false;
    };
  }

  /** The least abstract heap type above a defined type. */
  public static AbsHeapType abstraction(DefType type) {
    return switch (type.expand()) {
      case FuncType func -> AbsHeapType.FUNC;
      case StructType struct -> AbsHeapType.STRUCT;
      case ArrayType array -> AbsHeapType.ARRAY;
    };
  }

  /** The top of the hierarchy that a heap type belongs to: any, func, extern or exn. */
  public static AbsHeapType top(HeapType type) {
    return switch (type) {
      case DefType def -> def.asFunc() != null ? AbsHeapType.FUNC : AbsHeapType.ANY;
      case AbsHeapType abs ->
          switch (abs) {
            case FUNC, NOFUNC -> AbsHeapType.FUNC;
            case EXTERN, NOEXTERN -> AbsHeapType.EXTERN;
            case EXN, NOEXN -> AbsHeapType.EXN;
            default -> AbsHeapType.ANY;
          };
      case RecVar v -> AbsHeapType.ANY;
      case UnknownType u -> AbsHeapType.ANY;
    };
  }

  public static boolean matches(List<ValType> a, List<ValType> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!matches(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Composite types: what a declared supertype must satisfy (spec 3.3.6 to 3.3.10). */
  public static boolean matches(CompType a, CompType b) {
    if (a instanceof FuncType x && b instanceof FuncType y) {
      return matches(y.params(), x.params()) && matches(x.results(), y.results());
    }
    if (a instanceof StructType x && b instanceof StructType y) {
      if (x.fields().size() < y.fields().size()) {
        return false;
      }
      for (int i = 0; i < y.fields().size(); i++) {
        if (!matches(x.fields().get(i), y.fields().get(i))) {
          return false;
        }
      }
      return true;
    }
    return a instanceof ArrayType x && b instanceof ArrayType y && matches(x.field(), y.field());
  }

  public static boolean matches(FieldType a, FieldType b) {
    return a.mutable() == b.mutable()
        && matches(a.storage(), b.storage())
        && (!a.mutable() || matches(b.storage(), a.storage()));
  }

  public static boolean matches(StorageType a, StorageType b) {
    return a == b || a instanceof ValType x && b instanceof ValType y && matches(x, y);
  }

  /** Whether an entity of type {@code a} may be imported as {@code b} (spec 3.4). */
  public static boolean matches(ExternType a, ExternType b) {
    return switch (a) {
      case ExternFunc x -> b instanceof ExternFunc y && matches(x.type(), y.type());
      case TagType x -> b instanceof TagType y && x.type() == y.type();
      case GlobalType x ->
          b instanceof GlobalType y
              && x.mutable() == y.mutable()
              && matches(x.value(), y.value())
              && (!x.mutable() || matches(y.value(), x.value()));
      case TableType x ->
          b instanceof TableType y
              && x.address() == y.address()
              && x.limits().matches(y.limits())
              && x.element().equals(y.element());
      case MemoryType x ->
          b instanceof MemoryType y
              && x.address() == y.address()
              && x.shared() == y.shared()
              && x.pageSizeLog2() == y.pageSizeLog2()
              && x.limits().matches(y.limits());
    };
  }
}
