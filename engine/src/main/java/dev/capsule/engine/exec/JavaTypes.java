package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Which Java types stand for which value types, and how to get from one to the other. The exact
 * handle of a function uses {@link Slots#carrier}; beyond that an i32 may also be a boolean, byte,
 * short or char, and a reference any class.
 */
final class JavaTypes {
  private static final MethodHandle IS_TRUE;

  static {
    try {
      IS_TRUE =
          MethodHandles.lookup()
              .findStatic(
                  JavaTypes.class, "isTrue", MethodType.methodType(boolean.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private JavaTypes() {}

  static boolean isTrue(int value) {
    return value != 0;
  }

  /** The value type that a Java type stands for by itself. */
  static ValType typeOf(Class<?> java) {
    if (isInt(java)) {
      return NumType.I32;
    } else if (java == long.class) {
      return NumType.I64;
    } else if (java == float.class) {
      return NumType.F32;
    } else if (java == double.class) {
      return NumType.F64;
    } else if (java == V128.class) {
      return VecType.V128;
    } else if (Func.class.isAssignableFrom(java)) {
      return RefType.FUNCREF;
    }
    return RefType.EXTERNREF;
  }

  private static boolean isInt(Class<?> java) {
    return java == int.class
        || java == boolean.class
        || java == byte.class
        || java == short.class
        || java == char.class;
  }

  /** Whether a Java type may stand for a value type. */
  static boolean fits(Class<?> java, ValType type) {
    return switch (type) {
      case NumType num -> num == NumType.I32 ? isInt(java) : java == Slots.carrier(num);
      case VecType vec -> java == V128.class;
      case RefType ref -> !java.isPrimitive();
    };
  }

  /** {@code (carrier) -> java}: narrows integers, checks the class of references. */
  static MethodHandle fromCarrier(ValType type, Class<?> java) {
    Class<?> carrier = Slots.carrier(type);
    if (java == boolean.class) {
      return IS_TRUE;
    }
    MethodHandle identity = MethodHandles.identity(carrier);
    MethodType wanted = MethodType.methodType(java, carrier);
    return java.isPrimitive()
        ? MethodHandles.explicitCastArguments(identity, wanted)
        : identity.asType(wanted);
  }

  /** {@code (java) -> carrier}. */
  static MethodHandle toCarrier(Class<?> java, ValType type) {
    Class<?> carrier = Slots.carrier(type);
    MethodHandle identity = MethodHandles.identity(carrier);
    MethodType wanted = MethodType.methodType(carrier, java);
    return java.isPrimitive()
        ? MethodHandles.explicitCastArguments(identity, wanted)
        : identity.asType(wanted);
  }

  static IllegalArgumentException mismatch(String what, MethodType given, FuncType type) {
    return new IllegalArgumentException(
        what + " of type " + given + " does not fit the function type " + type);
  }
}
