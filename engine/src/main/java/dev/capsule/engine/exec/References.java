package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RecVar;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;

/**
 * Run-time types of references (spec 3.3, 4.6.4). A reference is a Java object: {@link
 * FuncInstance}, {@link StructObject}, {@link ArrayObject}, {@link I31}, {@link ExnObject}, or any
 * other object, which is an external one; null is the null of every hierarchy.
 */
public final class References {
  private References() {}

  /**
   * Whether a reference is of a type; drives {@code ref.test}, {@code ref.cast} and checks of
   * hosts.
   */
  public static boolean test(Object ref, RefType type) {
    return ref == null ? type.nullable() : test(ref, type.heap());
  }

  /** Whether a reference that is not null is of a heap type. */
  public static boolean test(Object ref, HeapType type) {
    return switch (type) {
      case DefType def ->
          switch (ref) {
            case HeapObject object -> object.type.isSubtypeOf(def);
            case FuncInstance func -> func.defType.isSubtypeOf(def);
            default -> false;
          };
      case AbsHeapType abs ->
          switch (abs) {
            case ANY -> !(ref instanceof FuncInstance) && !(ref instanceof ExnObject);
            case EQ -> ref instanceof HeapObject || ref instanceof I31;
            case I31 -> ref instanceof I31;
            case STRUCT -> ref instanceof StructObject;
            case ARRAY -> ref instanceof ArrayObject;
            case FUNC -> ref instanceof FuncInstance;
            case EXN -> ref instanceof ExnObject;
            case EXTERN -> true;
            case NONE, NOFUNC, NOEXTERN, NOEXN, BOT -> false;
          };
      case RecVar v -> false;
      case UnknownType u -> false;
    };
  }

  /** Whether a value as the API hands it over is of a type. */
  public static boolean isOfType(Object value, ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> value instanceof Integer;
            case I64 -> value instanceof Long;
            case F32 -> value instanceof Float;
            case F64 -> value instanceof Double;
          };
      case VecType vec -> value instanceof V128;
      case RefType ref -> test(value, ref);
    };
  }

  /**
   * @param what names the value in the complaint
   * @throws IllegalArgumentException if a value that the host hands over is not of a type
   */
  public static void require(Object value, ValType type, String what) {
    if (!isOfType(value, type)) {
      throw new IllegalArgumentException(
          what
              + ": "
              + type
              + " expected, got "
              + (value == null ? "null" : value.getClass().getName() + " " + value));
    }
  }

  /** {@code ref.eq}: identity, except that small integers are compared by value. */
  public static boolean same(Object a, Object b) {
    return a == b || a instanceof I31 x && b instanceof I31 y && x.value() == y.value();
  }
}
