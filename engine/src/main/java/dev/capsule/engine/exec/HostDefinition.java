package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.runtime.HostCall;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * A host function that is not bound to a store yet: what a linker holds. Bound anew for every
 * instance that imports it, so that it knows whose memory its pointers mean.
 */
public final class HostDefinition {
  private static final MethodHandle IS_TRUE;

  static {
    try {
      IS_TRUE =
          MethodHandles.lookup()
              .findStatic(
                  HostDefinition.class, "isTrue", MethodType.methodType(boolean.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DefType type;

  /** One of the two is set. */
  private final HostCall call;

  private final MethodHandle handle;

  private HostDefinition(FuncType type, HostCall call, MethodHandle handle) {
    this.type = RecGroup.func(type);
    this.call = call;
    this.handle = handle;
  }

  public static HostDefinition of(FuncType type, HostCall call) {
    return new HostDefinition(type, call, null);
  }

  /** A handle whose own type tells the function type. */
  public static HostDefinition of(MethodHandle handle) {
    return of(typeOf(handle.type()), handle);
  }

  /**
   * A handle whose parameters and result stand for those of the function type.
   *
   * @throws IllegalArgumentException if they do not
   */
  public static HostDefinition of(FuncType type, MethodHandle handle) {
    return new HostDefinition(type, null, exact(type, handle));
  }

  /** The single method of a functional interface, called on {@code implementation}. */
  public static <T> HostDefinition of(Class<T> functional, T implementation) {
    Method method = singleMethod(functional);
    try {
      return of(MethodHandles.publicLookup().unreflect(method).bindTo(implementation));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          functional.getName()
              + " is not public in an exported package; pass a MethodHandle instead",
          e);
    }
  }

  /** The method that a lambda would implement. */
  static Method singleMethod(Class<?> functional) {
    List<Method> methods = new ArrayList<>();
    for (Method method : functional.getMethods()) {
      if (Modifier.isAbstract(method.getModifiers()) && !isObjectMethod(method)) {
        methods.add(method);
      }
    }
    if (!functional.isInterface() || methods.size() != 1) {
      throw new IllegalArgumentException(functional.getName() + " is not a functional interface");
    }
    return methods.get(0);
  }

  private static boolean isObjectMethod(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  public DefType type() {
    return type;
  }

  /**
   * The function in a store.
   *
   * @param importer the instance that imports it, or null
   */
  public HostFunction bind(ExecStore store, ModuleInstance importer) {
    FuncType func = type.asFunc();
    HostCaller caller = new HostCaller(store, importer, func);
    return new HostFunction(
        store, type, handle == null ? bind(caller, func) : bind(handle, caller, store, func));
  }

  private HostFunction.HostBody bind(HostCaller caller, FuncType func) {
    HostCall body = call;
    boolean refResults = func.results().stream().anyMatch(ValType::isRef);
    return (store, sp) -> {
      int outer = caller.enter(sp);
      try {
        body.call(caller);
        if (refResults) {
          caller.checkResults();
        }
      } finally {
        caller.leave(outer);
      }
    };
  }

  private static HostFunction.HostBody bind(
      MethodHandle handle, HostCaller caller, ExecStore store, FuncType func) {
    MethodHandle body = handle;
    boolean wantsCaller = wantsCaller(handle.type());
    if (wantsCaller) {
      body = MethodHandles.insertArguments(body, 0, caller);
    }
    int slot = 0;
    for (int i = 0; i < func.params().size(); i++) {
      ValType type = func.params().get(i);
      body = MethodHandles.filterArguments(body, i, Slots.getter(store, slot, type));
      slot += type.slots();
    }
    int bases = func.params().size();
    if (!func.results().isEmpty()) {
      body = MethodHandles.collectArguments(Slots.resultSetter(store, func), 1, body);
      bases++;
    }
    // Every part wants the base slot: give the same to all.
    body =
        MethodHandles.permuteArguments(
            body, MethodType.methodType(void.class, int.class), new int[bases]);
    MethodHandle bound = body;
    if (!wantsCaller) {
      return (s, sp) -> bound.invokeExact(sp);
    }
    return (s, sp) -> {
      int outer = caller.enter(sp);
      try {
        bound.invokeExact(sp);
      } finally {
        caller.leave(outer);
      }
    };
  }

  private static boolean wantsCaller(MethodType type) {
    return type.parameterCount() > 0 && type.parameterType(0) == Caller.class;
  }

  private static FuncType typeOf(MethodType type) {
    List<ValType> params = new ArrayList<>();
    int first = wantsCaller(type) ? 1 : 0;
    for (Class<?> param : type.parameterList().subList(first, type.parameterCount())) {
      params.add(typeOf(param));
    }
    Class<?> result = type.returnType();
    return new FuncType(params, result == void.class ? List.of() : List.of(typeOf(result)));
  }

  private static ValType typeOf(Class<?> type) {
    if (isInt(type)) {
      return NumType.I32;
    } else if (type == long.class) {
      return NumType.I64;
    } else if (type == float.class) {
      return NumType.F32;
    } else if (type == double.class) {
      return NumType.F64;
    } else if (type == V128.class) {
      return VecType.V128;
    } else if (Func.class.isAssignableFrom(type)) {
      return RefType.FUNCREF;
    }
    return RefType.EXTERNREF;
  }

  private static boolean isInt(Class<?> type) {
    return type == int.class
        || type == boolean.class
        || type == byte.class
        || type == short.class
        || type == char.class;
  }

  /**
   * The handle with exactly the carriers of the function type, after a caller where it wants it.
   */
  private static MethodHandle exact(FuncType type, MethodHandle handle) {
    MethodType given = handle.type();
    int first = wantsCaller(given) ? 1 : 0;
    MethodType wanted = Slots.methodType(type);
    if (given.parameterCount() - first != wanted.parameterCount()) {
      throw mismatch(type, given);
    }
    MethodHandle exact = handle;
    for (int i = 0; i < wanted.parameterCount(); i++) {
      Class<?> mine = given.parameterType(i + first);
      if (!fits(mine, type.params().get(i))) {
        throw mismatch(type, given);
      }
      if (mine == boolean.class) {
        exact = MethodHandles.filterArguments(exact, i + first, IS_TRUE);
      }
    }
    if (type.results().size() == 1
        ? !fits(given.returnType(), type.results().get(0))
        : given.returnType() != wanted.returnType()) {
      throw mismatch(type, given);
    }
    // References first, with checks of interfaces too, which explicit casts leave out.
    MethodType cast = exact.type();
    for (int i = 0; i < wanted.parameterCount(); i++) {
      if (!cast.parameterType(i + first).isPrimitive()) {
        cast = cast.changeParameterType(i + first, wanted.parameterType(i));
      }
    }
    if (!cast.returnType().isPrimitive()) {
      cast = cast.changeReturnType(wanted.returnType());
    }
    return MethodHandles.explicitCastArguments(
        exact.asType(cast),
        wanted.insertParameterTypes(
            0, first == 0 ? new Class<?>[0] : new Class<?>[] {Caller.class}));
  }

  private static boolean fits(Class<?> java, ValType type) {
    return switch (type) {
      case NumType num -> num == NumType.I32 ? isInt(java) : java == Slots.carrier(num);
      case VecType vec -> java == V128.class;
      case RefType ref -> !java.isPrimitive();
    };
  }

  private static IllegalArgumentException mismatch(FuncType type, MethodType given) {
    return new IllegalArgumentException(
        "handle of type " + given + " does not fit the function type " + type);
  }

  static boolean isTrue(int value) {
    return value != 0;
  }
}
