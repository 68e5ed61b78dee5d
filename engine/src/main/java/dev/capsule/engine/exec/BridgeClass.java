package dev.capsule.engine.exec;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A class that implements an interface by calling one method handle per method with exactly its
 * types, so that nothing is boxed. The JDK's own proxies box. Its code has no branches, which makes
 * the class file simple enough to write without a library.
 */
final class BridgeClass {
  private static final String HANDLE = "Ljava/lang/invoke/MethodHandle;";
  private static final int ALOAD_0 = 0x2A;
  private static final int ALOAD_1 = 0x2B;

  private final ByteArrayOutputStream poolBytes = new ByteArrayOutputStream();
  private final DataOutputStream pool = new DataOutputStream(poolBytes);
  private final Map<String, Integer> entries = new HashMap<>();

  private BridgeClass() {}

  /** The class that implements an interface, and which handle is for which method. */
  private record Bridge(Constructor<?> constructor, List<Method> order) {
    Object make(Map<Method, MethodHandle> methods) throws ReflectiveOperationException {
      MethodHandle[] handles = new MethodHandle[order.size()];
      for (int i = 0; i < handles.length; i++) {
        handles[i] = methods.get(order.get(i));
      }
      return constructor.newInstance((Object) handles);
    }
  }

  /** Bridges of public interfaces; each lives as long as its interface. */
  private static final ClassValue<Bridge> BRIDGES =
      new ClassValue<>() {
        @Override
        protected Bridge computeValue(Class<?> type) {
          return define(type, null);
        }
      };

  /**
   * @param lookup where the class goes, or null for a class loader of its own, which can use the
   *     interface if that is public and exported
   */
  static <T> T of(Class<T> type, Lookup lookup, Map<Method, MethodHandle> methods) {
    Bridge bridge = lookup == null ? BRIDGES.get(type) : define(type, lookup);
    try {
      return type.cast(bridge.make(methods));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot implement " + type, e);
    }
  }

  private static Bridge define(Class<?> type, Lookup lookup) {
    List<Method> order = HostDefinition.abstractMethods(type);
    String home = lookup == null ? "dev.capsule.bridge" : lookup.lookupClass().getPackageName();
    String name =
        (home.isEmpty() ? "" : home.replace('.', '/') + "/") + type.getSimpleName() + "$Wasm";
    byte[] bytes = new BridgeClass().write(name, type, order);
    try {
      Class<?> made =
          lookup == null
              ? new BridgeLoader(type.getClassLoader()).define(bytes)
              : lookup.defineHiddenClass(bytes, true).lookupClass();
      return new Bridge(made.getDeclaredConstructor(MethodHandle[].class), order);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot implement " + type, e);
    }
  }

  private static final class BridgeLoader extends ClassLoader {
    BridgeLoader(ClassLoader parent) {
      super("capsule-bridge", parent);
    }

    Class<?> define(byte[] bytes) {
      return defineClass(null, bytes, 0, bytes.length);
    }
  }

  private byte[] write(String name, Class<?> type, List<Method> methods) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(body);
      out.writeShort(0x0031); // public final super
      out.writeShort(classRef(name));
      out.writeShort(classRef("java/lang/Object"));
      out.writeShort(1);
      out.writeShort(classRef(type.getName().replace('.', '/')));
      out.writeShort(methods.size());
      for (int i = 0; i < methods.size(); i++) {
        out.writeShort(0x0012); // private final
        out.writeShort(utf8("h" + i));
        out.writeShort(utf8(HANDLE));
        out.writeShort(0);
      }
      out.writeShort(methods.size() + 1);
      method(out, "<init>", "([" + HANDLE + ")V", 3, 2, constructor(name, methods.size()));
      for (int i = 0; i < methods.size(); i++) {
        bridge(out, name, i, methods.get(i));
      }
      out.writeShort(0);

      ByteArrayOutputStream file = new ByteArrayOutputStream();
      DataOutputStream head = new DataOutputStream(file);
      head.writeInt(0xCAFEBABE);
      head.writeInt(61);
      head.writeShort(entries.size() + 1);
      poolBytes.writeTo(head);
      body.writeTo(head);
      return file.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] constructor(String name, int handles) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream code = new DataOutputStream(bytes);
    code.write(ALOAD_0);
    code.write(0xB7); // invokespecial
    code.writeShort(member(10, "java/lang/Object", "<init>", "()V"));
    for (int i = 0; i < handles; i++) {
      code.write(ALOAD_0);
      code.write(ALOAD_1);
      code.write(0x11); // sipush
      code.writeShort(i);
      code.write(0x32); // aaload
      code.write(0xB5); // putfield
      code.writeShort(member(9, name, "h" + i, HANDLE));
    }
    code.write(0xB1); // return
    return bytes.toByteArray();
  }

  private void bridge(DataOutputStream out, String name, int index, Method method)
      throws IOException {
    MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    String descriptor = type.toMethodDescriptorString();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream code = new DataOutputStream(bytes);
    code.write(ALOAD_0);
    code.write(0xB4); // getfield
    code.writeShort(member(9, name, "h" + index, HANDLE));
    int local = 1;
    for (Class<?> param : type.parameterList()) {
      code.write(0xC4); // wide
      code.write(0x15 + kind(param)); // iload, lload, fload, dload, aload
      code.writeShort(local);
      local += param == long.class || param == double.class ? 2 : 1;
    }
    code.write(0xB6); // invokevirtual
    code.writeShort(member(10, "java/lang/invoke/MethodHandle", "invokeExact", descriptor));
    code.write(type.returnType() == void.class ? 0xB1 : 0xAC + kind(type.returnType()));
    method(out, method.getName(), descriptor, Math.max(local, 2), local, bytes.toByteArray());
  }

  /** The place of a type in the families of load and return instructions. */
  private static int kind(Class<?> type) {
    if (type == long.class) {
      return 1;
    } else if (type == float.class) {
      return 2;
    } else if (type == double.class) {
      return 3;
    }
    return type.isPrimitive() ? 0 : 4;
  }

  private void method(
      DataOutputStream out, String name, String descriptor, int stack, int locals, byte[] code)
      throws IOException {
    out.writeShort(0x0001); // public
    out.writeShort(utf8(name));
    out.writeShort(utf8(descriptor));
    out.writeShort(1);
    out.writeShort(utf8("Code"));
    out.writeInt(12 + code.length);
    out.writeShort(stack);
    out.writeShort(locals);
    out.writeInt(code.length);
    out.write(code);
    out.writeInt(0); // no handlers, no attributes
  }

  private int utf8(String text) throws IOException {
    Integer known = entries.get(text);
    if (known == null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      pool.write(1);
      pool.writeShort(bytes.length);
      pool.write(bytes);
      known = added(text);
    }
    return known;
  }

  private int classRef(String name) throws IOException {
    return pair(7, utf8(name), -1);
  }

  private int member(int tag, String owner, String name, String descriptor) throws IOException {
    int nameAndType = pair(12, utf8(name), utf8(descriptor));
    return pair(tag, classRef(owner), nameAndType);
  }

  private int pair(int tag, int first, int second) throws IOException {
    String key = "\0" + tag + " " + first + " " + second;
    Integer known = entries.get(key);
    if (known == null) {
      pool.write(tag);
      pool.writeShort(first);
      if (second >= 0) {
        pool.writeShort(second);
      }
      known = added(key);
    }
    return known;
  }

  private int added(String key) {
    int index = entries.size() + 1;
    entries.put(key, index);
    return index;
  }
}
