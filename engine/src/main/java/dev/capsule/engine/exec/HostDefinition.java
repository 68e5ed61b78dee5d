package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Caller;
import dev.capsule.engine.runtime.HostCall;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A host function that is not bound to a store yet: what a linker holds. Bound anew for every
 * instance that imports it, so that it knows whose memory its pointers mean.
 */
public final class HostDefinition {
  private final FuncType type;

  /** One of the two is set. */
  private final HostCall call;

  private final MethodHandle handle;

  private HostDefinition(FuncType type, HostCall call, MethodHandle handle) {
    this.type = type;
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
    List<Method> methods = abstractMethods(functional);
    if (!functional.isInterface() || methods.size() != 1) {
      throw new IllegalArgumentException(functional.getName() + " is not a functional interface");
    }
    return methods.get(0);
  }

  /** The methods that an implementation of an interface has to add, in the same order always. */
  static List<Method> abstractMethods(Class<?> type) {
    Method[] all = type.getMethods();
    Arrays.sort(
        all,
        Comparator.comparing(Method::getName)
            .thenComparing(method -> Arrays.toString(method.getParameterTypes()))
            .thenComparing(method -> method.getDeclaringClass().getName()));
    List<Method> methods = new ArrayList<>();
    for (Method method : all) {
      if (Modifier.isAbstract(method.getModifiers())
          && !isObjectMethod(method)
          && methods.stream().noneMatch(other -> same(method, other))) {
        methods.add(method);
      }
    }
    return methods;
  }

  /** Whether two interfaces above the type declare the same method. */
  private static boolean same(Method a, Method b) {
    return a.getName().equals(b.getName())
        && a.getReturnType() == b.getReturnType()
        && Arrays.equals(a.getParameterTypes(), b.getParameterTypes());
  }

  private static boolean isObjectMethod(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  public FuncType type() {
    return type;
  }

  /** The function in a store, without an instance that imports it. */
  public HostFunction bind(ExecStore store) {
    return bind(store, null, RecGroup.func(type));
  }

  /**
   * The function in a store.
   *
   * @param importer the instance that imports it, or null
   * @param defType the type that it gets; a module may declare its import's type as one of many in
   *     a group, of which the host knows nothing, so only the structure counts
   */
  HostFunction bind(ExecStore store, ModuleInstance importer, DefType defType) {
    HostCaller caller = new HostCaller(store, importer, type);
    return handle == null
        ? new HostFunction(store, defType, bind(caller, type), Optional.empty())
        : new HostFunction(store, defType, bind(handle, caller, store, type), direct());
  }

  /** The handle, where no caller and no result's type concerns the store. */
  private Optional<MethodHandle> direct() {
    boolean plain =
        !wantsCaller(handle.type())
            && type.params().stream().noneMatch(VecType.class::isInstance)
            && type.results().size() <= 1
            && type.results().stream().allMatch(NumType.class::isInstance);
    return plain ? Optional.of(handle) : Optional.empty();
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
      return (s, sp) -> {
        // A statement: as an expression it would be a call that returns Object.
        bound.invokeExact(sp);
      };
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
      params.add(JavaTypes.typeOf(param));
    }
    Class<?> result = type.returnType();
    return new FuncType(
        params, result == void.class ? List.of() : List.of(JavaTypes.typeOf(result)));
  }

  /**
   * The handle with exactly the carriers of the function type, after a caller where it wants it.
   */
  private static MethodHandle exact(FuncType type, MethodHandle handle) {
    MethodType given = handle.type();
    int first = wantsCaller(given) ? 1 : 0;
    int count = type.params().size();
    if (given.parameterCount() - first != count) {
      throw JavaTypes.mismatch("handle", given, type);
    }
    MethodHandle exact = handle;
    for (int i = 0; i < count; i++) {
      Class<?> java = given.parameterType(i + first);
      if (!JavaTypes.fits(java, type.params().get(i))) {
        throw JavaTypes.mismatch("handle", given, type);
      }
      exact =
          MethodHandles.filterArguments(
              exact, i + first, JavaTypes.fromCarrier(type.params().get(i), java));
    }
    Class<?> result = given.returnType();
    if (type.results().size() == 1 && JavaTypes.fits(result, type.results().get(0))) {
      return MethodHandles.filterReturnValue(
          exact, JavaTypes.toCarrier(result, type.results().get(0)));
    }
    if (result != Slots.methodType(type).returnType()) {
      throw JavaTypes.mismatch("handle", given, type);
    }
    return exact;
  }
}
