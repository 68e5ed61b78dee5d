package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.Numeric;
import dev.capsule.engine.exec.simd.VectorShape;
import dev.capsule.engine.module.Opcode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What numeric and vector instructions compute, on bits, looked up by name at each execution. */
final class Operation {
  /** By name, which is different for all instructions. */
  private static final Map<String, Method> METHODS = new ConcurrentHashMap<>();

  private Operation() {}

  static long numeric(Opcode op, long a, long b) {
    String name = op.mnemonic();
    String signature = op.signature();
    String action = name.substring(4);
    return switch (signature.charAt(0)) {
      case 'i' -> {
        if (signature.startsWith("ii")) {
          yield i32(action, (int) a, (int) b);
        }
        yield fromI32(name, (int) a);
      }
      case 'l' -> signature.startsWith("ll") ? i64(action, a, b) : fromI64(name, a);
      case 'f' -> {
        float x = Float.intBitsToFloat((int) a);
        yield signature.startsWith("ff")
            ? f32(action, x, Float.intBitsToFloat((int) b))
            : fromF32(name, x);
      }
      default -> {
        double x = Double.longBitsToDouble(a);
        yield signature.startsWith("dd")
            ? f64(action, x, Double.longBitsToDouble(b))
            : fromF64(name, x);
      }
    };
  }

  private static long bool(boolean value) {
    return value ? 1 : 0;
  }

  private static long i32(String action, int a, int b) {
    return switch (action) {
      case "eq" -> bool(a == b);
      case "ne" -> bool(a != b);
      case "lt_s" -> bool(a < b);
      case "lt_u" -> bool(Integer.compareUnsigned(a, b) < 0);
      case "gt_s" -> bool(a > b);
      case "gt_u" -> bool(Integer.compareUnsigned(a, b) > 0);
      case "le_s" -> bool(a <= b);
      case "le_u" -> bool(Integer.compareUnsigned(a, b) <= 0);
      case "ge_s" -> bool(a >= b);
      case "ge_u" -> bool(Integer.compareUnsigned(a, b) >= 0);
      case "add" -> a + b;
      case "sub" -> a - b;
      case "mul" -> a * b;
      case "div_s" -> Numeric.i32DivS(a, b);
      case "div_u" -> Numeric.i32DivU(a, b);
      case "rem_s" -> Numeric.i32RemS(a, b);
      case "rem_u" -> Numeric.i32RemU(a, b);
      case "and" -> a & b;
      case "or" -> a | b;
      case "xor" -> a ^ b;
      case "shl" -> a << b;
      case "shr_s" -> a >> b;
      case "shr_u" -> a >>> b;
      case "rotl" -> Integer.rotateLeft(a, b);
      case "rotr" -> Integer.rotateRight(a, b);
      default -> throw new AssertionError(action);
    };
  }

  private static long i64(String action, long a, long b) {
    return switch (action) {
      case "eq" -> bool(a == b);
      case "ne" -> bool(a != b);
      case "lt_s" -> bool(a < b);
      case "lt_u" -> bool(Long.compareUnsigned(a, b) < 0);
      case "gt_s" -> bool(a > b);
      case "gt_u" -> bool(Long.compareUnsigned(a, b) > 0);
      case "le_s" -> bool(a <= b);
      case "le_u" -> bool(Long.compareUnsigned(a, b) <= 0);
      case "ge_s" -> bool(a >= b);
      case "ge_u" -> bool(Long.compareUnsigned(a, b) >= 0);
      case "add" -> a + b;
      case "sub" -> a - b;
      case "mul" -> a * b;
      case "div_s" -> Numeric.i64DivS(a, b);
      case "div_u" -> Numeric.i64DivU(a, b);
      case "rem_s" -> Numeric.i64RemS(a, b);
      case "rem_u" -> Numeric.i64RemU(a, b);
      case "and" -> a & b;
      case "or" -> a | b;
      case "xor" -> a ^ b;
      case "shl" -> a << b;
      case "shr_s" -> a >> b;
      case "shr_u" -> a >>> b;
      case "rotl" -> Long.rotateLeft(a, (int) b);
      case "rotr" -> Long.rotateRight(a, (int) b);
      default -> throw new AssertionError(action);
    };
  }

  private static long f32(String action, float a, float b) {
    return switch (action) {
      case "eq" -> bool(a == b);
      case "ne" -> bool(a != b);
      case "lt" -> bool(a < b);
      case "gt" -> bool(a > b);
      case "le" -> bool(a <= b);
      case "ge" -> bool(a >= b);
      default ->
          Float.floatToRawIntBits(
              switch (action) {
                case "add" -> a + b;
                case "sub" -> a - b;
                case "mul" -> a * b;
                case "div" -> a / b;
                case "min" -> Numeric.f32Min(a, b);
                case "max" -> Numeric.f32Max(a, b);
                case "copysign" -> Numeric.f32Copysign(a, b);
                default -> throw new AssertionError(action);
              });
    };
  }

  private static long f64(String action, double a, double b) {
    return switch (action) {
      case "eq" -> bool(a == b);
      case "ne" -> bool(a != b);
      case "lt" -> bool(a < b);
      case "gt" -> bool(a > b);
      case "le" -> bool(a <= b);
      case "ge" -> bool(a >= b);
      default ->
          Double.doubleToRawLongBits(
              switch (action) {
                case "add" -> a + b;
                case "sub" -> a - b;
                case "mul" -> a * b;
                case "div" -> a / b;
                case "min" -> Numeric.f64Min(a, b);
                case "max" -> Numeric.f64Max(a, b);
                case "copysign" -> Numeric.f64Copysign(a, b);
                default -> throw new AssertionError(action);
              });
    };
  }

  private static long fromI32(String name, int a) {
    return switch (name) {
      case "i32.eqz" -> bool(a == 0);
      case "i32.clz" -> Integer.numberOfLeadingZeros(a);
      case "i32.ctz" -> Integer.numberOfTrailingZeros(a);
      case "i32.popcnt" -> Integer.bitCount(a);
      case "i32.extend8_s" -> (byte) a;
      case "i32.extend16_s" -> (short) a;
      case "i64.extend_i32_s" -> a;
      case "i64.extend_i32_u" -> a & 0xFFFFFFFFL;
      case "f32.convert_i32_s" -> Float.floatToRawIntBits(a);
      case "f64.convert_i32_s" -> Double.doubleToRawLongBits(a);
      case "f32.convert_i32_u" -> Float.floatToRawIntBits(Numeric.f32ConvertI32U(a));
      case "f64.convert_i32_u" -> Double.doubleToRawLongBits(Numeric.f64ConvertI32U(a));
      case "f32.reinterpret_i32" -> a;
      default -> throw new AssertionError(name);
    };
  }

  private static long fromI64(String name, long a) {
    return switch (name) {
      case "i64.eqz" -> bool(a == 0);
      case "i64.clz" -> Long.numberOfLeadingZeros(a);
      case "i64.ctz" -> Long.numberOfTrailingZeros(a);
      case "i64.popcnt" -> Long.bitCount(a);
      case "i64.extend8_s" -> (byte) a;
      case "i64.extend16_s" -> (short) a;
      case "i64.extend32_s", "i32.wrap_i64" -> (int) a;
      case "f32.convert_i64_s" -> Float.floatToRawIntBits(a);
      case "f64.convert_i64_s" -> Double.doubleToRawLongBits(a);
      case "f32.convert_i64_u" -> Float.floatToRawIntBits(Numeric.f32ConvertI64U(a));
      case "f64.convert_i64_u" -> Double.doubleToRawLongBits(Numeric.f64ConvertI64U(a));
      case "f64.reinterpret_i64" -> a;
      default -> throw new AssertionError(name);
    };
  }

  private static long fromF32(String name, float a) {
    return switch (name) {
      case "i32.reinterpret_f32" -> Float.floatToRawIntBits(a);
      case "f64.promote_f32" -> Double.doubleToRawLongBits(a);
      default -> bits(call(Numeric.class, camel(name), a));
    };
  }

  private static long fromF64(String name, double a) {
    return switch (name) {
      case "i64.reinterpret_f64" -> Double.doubleToRawLongBits(a);
      case "f32.demote_f64" -> Float.floatToRawIntBits((float) a);
      case "f64.sqrt" -> Double.doubleToRawLongBits(Math.sqrt(a));
      default -> bits(call(Numeric.class, camel(name), a));
    };
  }

  private static long bits(Object value) {
    return switch (value) {
      case Integer i -> i;
      case Long l -> l;
      case Float f -> Float.floatToRawIntBits(f);
      case Double d -> Double.doubleToRawLongBits(d);
      default -> throw new AssertionError(value);
    };
  }

  /** A number of a type from its bits. */
  private static Object boxed(char type, long bits) {
    return switch (type) {
      case 'i' -> (Object) (int) bits;
      case 'f' -> Float.intBitsToFloat((int) bits);
      case 'd' -> Double.longBitsToDouble(bits);
      default -> bits;
    };
  }

  /**
   * A vector instruction that is neither constant nor memory access.
   *
   * @param v low and high halves of the operands, in order; a number is its low half
   * @return low and high half, or the number
   */
  static long[] vector(Opcode op, long[] v, int lane, long lanesLow, long lanesHigh) {
    Class<?> owner = VectorShape.owner(op);
    String name = VectorShape.method(op);
    int perHalf = VectorShape.lanesPerHalf(op);
    switch (VectorShape.of(op)) {
      case LANES_1:
        return pair(call(owner, name, v[0]), call(owner, name, v[1]));
      case LANES_2:
        return pair(call(owner, name, v[0], v[2]), call(owner, name, v[1], v[3]));
      case LANES_3:
        return pair(call(owner, name, v[0], v[2], v[4]), call(owner, name, v[1], v[3], v[5]));
      case SHIFT:
        return pair(call(owner, name, v[0], (int) v[2]), call(owner, name, v[1], (int) v[2]));
      case CROSS_1:
        return pair(call(owner, name + "Low", v[0], v[1]), call(owner, name + "High", v[0], v[1]));
      case CROSS_2:
        return pair(
            call(owner, name + "Low", v[0], v[1], v[2], v[3]),
            call(owner, name + "High", v[0], v[1], v[2], v[3]));
      case SHUFFLE:
        return pair(
            call(owner, name, v[0], v[1], v[2], v[3], lanesLow),
            call(owner, name, v[0], v[1], v[2], v[3], lanesHigh));
      case TEST:
        return new long[] {bits(call(owner, name, v[0], v[1]))};
      case SPLAT:
        Object half = call(owner, name, boxed(op.signature().charAt(0), v[0]));
        return pair(half, half);
      case EXTRACT:
        return new long[] {bits(call(owner, name, v[lane / perHalf], lane % perHalf))};
      case REPLACE:
        Object value = boxed(op.signature().charAt(1), v[2]);
        long replaced = (long) call(owner, name, v[lane / perHalf], lane % perHalf, value);
        return lane < perHalf ? new long[] {replaced, v[1]} : new long[] {v[0], replaced};
      default:
        throw new AssertionError(op);
    }
  }

  private static long[] pair(Object low, Object high) {
    return new long[] {(long) low, (long) high};
  }

  private static String camel(String mnemonic) {
    StringBuilder name = new StringBuilder();
    for (String part : mnemonic.split("[._]", -1)) {
      name.append(
          name.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return name.toString();
  }

  private static Object call(Class<?> owner, String name, Object... arguments) {
    try {
      return METHODS.computeIfAbsent(name, key -> find(owner, key)).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Method find(Class<?> owner, String name) {
    for (Method method : owner.getMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new AssertionError(owner + " has no " + name);
  }
}
