package dev.capsule.engine.exec;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/** An interface implemented without defining classes of our own: boxes, and is slower. */
final class ReflectiveProxy {
  private ReflectiveProxy() {}

  static <T> T of(Class<T> type, Map<Method, MethodHandle> methods) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          MethodHandle handle = methods.get(method);
          if (handle != null) {
            return handle.invokeWithArguments(arguments == null ? new Object[0] : arguments);
          }
          return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> type.getSimpleName() + "@" + System.identityHashCode(proxy);
            default -> InvocationHandler.invokeDefault(proxy, method, arguments);
          };
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
