package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Extern;
import dev.capsule.engine.runtime.Func;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.ValType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Implements a user's Java interface with functions of Wasm. */
public final class InterfaceBinding {
  private final Lookup lookup;

  /**
   * @param lookup that can see the interface and the records that its methods return; with the
   *     public lookup the interface must be public and exported
   */
  public InterfaceBinding(Lookup lookup) {
    this.lookup = lookup;
  }

  /** A functional interface, implemented by one function. */
  public <T> T bind(Class<T> functional, FuncInstance func) {
    Method method = HostDefinition.singleMethod(functional);
    return implement(functional, func.store, Map.of(method, adapt(method, func)));
  }

  /** An interface whose methods have the names of exports. */
  public <T> T bind(Class<T> type, ModuleInstance instance) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(type.getName() + " is not an interface");
    }
    Map<Method, MethodHandle> methods = new LinkedHashMap<>();
    for (Method method : HostDefinition.abstractMethods(type)) {
      methods.put(method, adapt(method, export(method, instance)));
    }
    return implement(type, instance.store, methods);
  }

  /** What is exported under the method's name, or under that in snake_case or kebab-case. */
  private static Extern export(Method method, ModuleInstance instance) {
    String words = method.getName().replaceAll("([a-z0-9])([A-Z])", "$1 $2");
    String lower = words.toLowerCase(Locale.ROOT);
    for (String name :
        List.of(method.getName(), lower.replace(' ', '_'), lower.replace(' ', '-'))) {
      Optional<Extern> found = instance.export(name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalArgumentException(
        "no export for method " + method + "; exports: " + instance.exportNames());
  }

  private MethodHandle adapt(Method method, Extern export) {
    if (export instanceof FuncInstance func && !isGetter(method)) {
      return adapt(method, func);
    }
    if (method.getParameterCount() != 0 || !method.getReturnType().isInstance(export)) {
      throw new IllegalArgumentException(
          "method " + method + " does not fit the export, a " + export.externType().kind());
    }
    return MethodHandles.constant(method.getReturnType(), export);
  }

  /** Whether a method returns what is exported instead of calling it. */
  private static boolean isGetter(Method method) {
    return Extern.class.isAssignableFrom(method.getReturnType())
        && method.getReturnType() != Func.class;
  }

  private MethodHandle adapt(Method method, FuncInstance func) {
    FuncType type = func.type();
    MethodType wanted = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    if (wanted.parameterCount() != type.params().size()) {
      throw JavaTypes.mismatch("method " + method.getName(), wanted, type);
    }
    MethodHandle handle = CallHandle.of(func, results(method, wanted, func));
    for (int i = 0; i < wanted.parameterCount(); i++) {
      if (!JavaTypes.fits(wanted.parameterType(i), type.params().get(i))) {
        throw JavaTypes.mismatch("method " + method.getName(), wanted, type);
      }
      handle =
          MethodHandles.filterArguments(
              handle, i, JavaTypes.toCarrier(wanted.parameterType(i), type.params().get(i)));
    }
    return handle;
  }

  /** {@code (base) -> R} for the method's return type. */
  private MethodHandle results(Method method, MethodType wanted, FuncInstance func) {
    List<ValType> results = func.type().results();
    Class<?> java = wanted.returnType();
    MethodHandle plain = Slots.resultGetter(func.store, func.type());
    if (results.size() == 1 && JavaTypes.fits(java, results.get(0))) {
      return MethodHandles.filterReturnValue(plain, JavaTypes.fromCarrier(results.get(0), java));
    }
    if (java == plain.type().returnType()) {
      return plain;
    }
    RecordComponent[] components = java.isRecord() ? java.getRecordComponents() : null;
    if (components == null || results.size() < 2 || components.length != results.size()) {
      throw JavaTypes.mismatch("method " + method.getName(), wanted, func.type());
    }
    return record(java, components, results, func.store)
        .orElseThrow(() -> JavaTypes.mismatch("method " + method.getName(), wanted, func.type()));
  }

  /** {@code (base) -> record}: its components are the results. */
  private Optional<MethodHandle> record(
      Class<?> java, RecordComponent[] components, List<ValType> results, ExecStore store) {
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : components) {
      types.add(component.getType());
    }
    MethodHandle make;
    try {
      make = lookup.findConstructor(java, MethodType.methodType(void.class, types));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(hidden(java), e);
    }
    int slot = 0;
    for (int i = 0; i < components.length; i++) {
      if (!JavaTypes.fits(types.get(i), results.get(i))) {
        return Optional.empty();
      }
      MethodHandle component =
          MethodHandles.filterReturnValue(
              Slots.getter(store, slot, results.get(i)),
              JavaTypes.fromCarrier(results.get(i), types.get(i)));
      make = MethodHandles.filterArguments(make, i, component);
      slot += results.get(i).slots();
    }
    return Optional.of(
        MethodHandles.permuteArguments(
            make, MethodType.methodType(java, int.class), new int[components.length]));
  }

  private <T> T implement(Class<T> type, ExecStore store, Map<Method, MethodHandle> methods) {
    boolean visible = isVisible(type);
    if (!visible && (lookup.lookupModes() & Lookup.PACKAGE) == 0) {
      throw new IllegalArgumentException(hidden(type));
    }
    if (store.engineState.config().forbidClassDefinition()) {
      return ReflectiveProxy.of(type, methods);
    }
    return BridgeClass.of(type, visible ? null : lookup, methods);
  }

  private static boolean isVisible(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && type.getModule().isExported(type.getPackageName());
  }

  private static String hidden(Class<?> type) {
    return type.getName() + " is not public in an exported package; pass MethodHandles.lookup()";
  }
}
