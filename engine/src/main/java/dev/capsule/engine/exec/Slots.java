package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Moves values between Java and the store's slots: boxed, and as method handles that move one value
 * without boxing it.
 */
final class Slots {
  private static final MethodHandle ENTER = find("enter", int.class, int.class);

  private Slots() {}

  /** The slots that arguments or results take, whichever are more. */
  static int room(FuncType type) {
    return Math.max(FunctionCode.slots(type.params()), FunctionCode.slots(type.results()));
  }

  /** Makes room for a call from Java and tells where its arguments go. */
  static int enter(ExecStore store, int room) {
    int base = store.sp;
    store.ensureStack(base + room);
    return base;
  }

  /** The class that stands for a type in exact handles. */
  static Class<?> carrier(ValType type) {
    return switch (type) {
      case NumType num ->
          switch (num) {
            case I32 -> int.class;
            case I64 -> long.class;
            case F32 -> float.class;
            case F64 -> double.class;
          };
      case VecType vec -> V128.class;
      case RefType ref -> Object.class;
    };
  }

  static void put(ExecStore store, int slot, ValType type, Object value) {
    put(store.stack, store.refs, slot, type, value);
  }

  static void put(long[] stack, Object[] refs, int slot, ValType type, Object value) {
    switch (type) {
      case NumType num -> stack[slot] = bits(num, value);
      case VecType vec -> {
        stack[slot] = ((V128) value).low();
        stack[slot + 1] = ((V128) value).high();
      }
      case RefType ref -> refs[slot] = value;
    }
  }

  /** All values of slots from 0 on. */
  static List<Object> read(long[] stack, Object[] refs, List<ValType> types) {
    List<Object> values = new ArrayList<>();
    int slot = 0;
    for (ValType type : types) {
      values.add(
          switch (type) {
            case NumType num -> boxed(num, stack[slot]);
            case VecType vec -> new V128(stack[slot], stack[slot + 1]);
            case RefType ref -> refs[slot];
          });
      slot += type.slots();
    }
    return Collections.unmodifiableList(values);
  }

  /** The bits of a boxed number as they lie in a slot. */
  static long bits(NumType type, Object value) {
    return switch (type) {
      case I32 -> (Integer) value;
      case I64 -> (Long) value;
      case F32 -> Float.floatToRawIntBits((Float) value);
      case F64 -> Double.doubleToRawLongBits((Double) value);
    };
  }

  static Object boxed(NumType type, long bits) {
    return switch (type) {
      case I32 -> (Object) (int) bits;
      case I64 -> (Object) bits;
      case F32 -> (Object) Float.intBitsToFloat((int) bits);
      case F64 -> (Object) Double.longBitsToDouble(bits);
    };
  }

  /** Reads a value; a reference does not stay in its slot. */
  static Object take(ExecStore store, int slot, ValType type) {
    return switch (type) {
      case NumType num -> boxed(num, store.stack[slot]);
      case VecType vec -> getV128(store, 0, slot);
      case RefType ref -> takeRef(store, 0, slot);
    };
  }

  static Object[] take(ExecStore store, int base, List<ValType> types) {
    Object[] values = new Object[types.size()];
    int slot = base;
    for (int i = 0; i < values.length; i++) {
      values[i] = take(store, slot, types.get(i));
      slot += types.get(i).slots();
    }
    return values;
  }

  static int getI32(ExecStore store, int slot, int base) {
    return (int) store.stack[base + slot];
  }

  static long getI64(ExecStore store, int slot, int base) {
    return store.stack[base + slot];
  }

  static float getF32(ExecStore store, int slot, int base) {
    return Float.intBitsToFloat((int) store.stack[base + slot]);
  }

  static double getF64(ExecStore store, int slot, int base) {
    return Double.longBitsToDouble(store.stack[base + slot]);
  }

  static V128 getV128(ExecStore store, int slot, int base) {
    long[] stack = store.stack;
    return new V128(stack[base + slot], stack[base + slot + 1]);
  }

  static Object takeRef(ExecStore store, int slot, int base) {
    Object[] refs = store.refs;
    Object value = refs[base + slot];
    refs[base + slot] = null;
    return value;
  }

  static void putI32(ExecStore store, int slot, int base, int value) {
    store.stack[base + slot] = value;
  }

  static void putI64(ExecStore store, int slot, int base, long value) {
    store.stack[base + slot] = value;
  }

  static void putF32(ExecStore store, int slot, int base, float value) {
    store.stack[base + slot] = Float.floatToRawIntBits(value);
  }

  static void putF64(ExecStore store, int slot, int base, double value) {
    store.stack[base + slot] = Double.doubleToRawLongBits(value);
  }

  static void putV128(ExecStore store, int slot, int base, V128 value) {
    long[] stack = store.stack;
    stack[base + slot] = value.low();
    stack[base + slot + 1] = value.high();
  }

  static void putRef(RefType type, String what, ExecStore store, int slot, int base, Object value) {
    References.require(value, type, what);
    store.refs[base + slot] = store.own(value);
  }

  private static final MethodHandle GET_I32 = find("getI32", int.class, int.class, int.class);
  private static final MethodHandle GET_I64 = find("getI64", long.class, int.class, int.class);
  private static final MethodHandle GET_F32 = find("getF32", float.class, int.class, int.class);
  private static final MethodHandle GET_F64 = find("getF64", double.class, int.class, int.class);
  private static final MethodHandle GET_V128 = find("getV128", V128.class, int.class, int.class);
  private static final MethodHandle TAKE_REF = find("takeRef", Object.class, int.class, int.class);
  private static final MethodHandle PUT_I32 =
      find("putI32", void.class, int.class, int.class, int.class);
  private static final MethodHandle PUT_I64 =
      find("putI64", void.class, int.class, int.class, long.class);
  private static final MethodHandle PUT_F32 =
      find("putF32", void.class, int.class, int.class, float.class);
  private static final MethodHandle PUT_F64 =
      find("putF64", void.class, int.class, int.class, double.class);
  private static final MethodHandle PUT_V128 =
      find("putV128", void.class, int.class, int.class, V128.class);
  private static final MethodHandle TAKE_ALL =
      find("takeAll", Object[].class, FuncType.class, int.class);
  private static final MethodHandle PUT_ALL =
      find("putAll", void.class, FuncType.class, int.class, Object[].class);
  private static final MethodHandle PUT_REF;

  static {
    try {
      PUT_REF =
          MethodHandles.lookup()
              .findStatic(
                  Slots.class,
                  "putRef",
                  MethodType.methodType(
                      void.class,
                      RefType.class,
                      String.class,
                      ExecStore.class,
                      int.class,
                      int.class,
                      Object.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** All results, for functions with several. */
  static Object[] takeAll(ExecStore store, FuncType type, int base) {
    return take(store, base, type.results());
  }

  /** All results of a host function with several. */
  static void putAll(ExecStore store, FuncType type, int base, Object[] values) {
    List<ValType> results = type.results();
    if (values == null || values.length != results.size()) {
      throw new IllegalArgumentException(
          "host function of type "
              + type
              + " returned "
              + (values == null ? "null" : values.length + " results"));
    }
    int slot = base;
    for (int i = 0; i < values.length; i++) {
      References.require(values[i], results.get(i), "result " + i);
      put(store, slot, results.get(i), store.own(values[i]));
      slot += results.get(i).slots();
    }
  }

  private static MethodHandle find(String name, Class<?> result, Class<?>... afterStore) {
    try {
      MethodType type =
          MethodType.methodType(result, afterStore).insertParameterTypes(0, ExecStore.class);
      return MethodHandles.lookup().findStatic(Slots.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@code () -> base}: makes room and tells where. */
  static MethodHandle entering(ExecStore store, int room) {
    return MethodHandles.insertArguments(ENTER, 0, store, room);
  }

  /** {@code (base) -> value}: reads the value that lies {@code slot} slots above the base. */
  static MethodHandle getter(ExecStore store, int slot, ValType type) {
    MethodHandle getter =
        switch (type) {
          case NumType num ->
              switch (num) {
                case I32 -> GET_I32;
                case I64 -> GET_I64;
                case F32 -> GET_F32;
                case F64 -> GET_F64;
              };
          case VecType vec -> GET_V128;
          case RefType ref -> TAKE_REF;
        };
    return MethodHandles.insertArguments(getter, 0, store, slot);
  }

  /** {@code (base, value) -> void}; {@code what} names the value in complaints. */
  static MethodHandle setter(ExecStore store, int slot, ValType type, String what) {
    MethodHandle setter =
        switch (type) {
          case NumType num ->
              switch (num) {
                case I32 -> PUT_I32;
                case I64 -> PUT_I64;
                case F32 -> PUT_F32;
                case F64 -> PUT_F64;
              };
          case VecType vec -> PUT_V128;
          case RefType ref -> MethodHandles.insertArguments(PUT_REF, 0, ref, what);
        };
    return MethodHandles.insertArguments(setter, 0, store, slot);
  }

  /** {@code (base) -> R}: no result, one, or all as an {@code Object[]}. */
  static MethodHandle resultGetter(ExecStore store, FuncType type) {
    List<ValType> results = type.results();
    return switch (results.size()) {
      case 0 -> MethodHandles.empty(MethodType.methodType(void.class, int.class));
      case 1 -> getter(store, 0, results.get(0));
      default -> MethodHandles.insertArguments(TAKE_ALL, 0, store, type);
    };
  }

  /** {@code (base, R) -> void}: one result, or all from an {@code Object[]}. */
  static MethodHandle resultSetter(ExecStore store, FuncType type) {
    List<ValType> results = type.results();
    return results.size() == 1
        ? setter(store, 0, results.get(0), "result of a host function")
        : MethodHandles.insertArguments(PUT_ALL, 0, store, type);
  }

  /** The type of the exact handle of a function type. */
  static MethodType methodType(FuncType type) {
    List<Class<?>> params = type.params().stream().<Class<?>>map(Slots::carrier).toList();
    return MethodType.methodType(resultCarrier(type), params);
  }

  private static Class<?> resultCarrier(FuncType type) {
    return switch (type.results().size()) {
      case 0 -> void.class;
      case 1 -> carrier(type.results().get(0));
      default -> Object[].class;
    };
  }
}
