package dev.capsule.cli;

import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.List;

/** Values of {@code --invoke} as text. */
final class InvokeValues {
  private InvokeValues() {}

  /**
   * The arguments of a function. Integers are decimal, signed or unsigned, or 0x hexadecimal;
   * floating-point numbers decimal, hexadecimal with a {@code p}, {@code inf} or {@code nan};
   * vectors 0x and 32 digits, the highest byte first, as results are shown. A reference is {@code
   * null}; for an {@code externref}, any other text stands for itself.
   *
   * @throws IllegalArgumentException if number or form do not fit
   */
  static Object[] parse(List<ValType> types, List<String> texts) {
    if (types.size() != texts.size()) {
      throw new IllegalArgumentException(
          "the function takes " + types.size() + " arguments " + types + ", not " + texts.size());
    }
    Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parse(types.get(i), texts.get(i));
    }
    return values;
  }

  private static Object parse(ValType type, String text) {
    try {
      return switch (type) {
        case NumType num ->
            switch (num) {
              case I32 -> i32(text);
              case I64 -> i64(text);
              case F32 -> Float.parseFloat(floating(text));
              case F64 -> Double.parseDouble(floating(text));
            };
        case VecType vec -> v128(text);
        case RefType ref -> reference(ref, text);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("argument \"" + text + "\" is not of type " + type, e);
    }
  }

  /** In Java's words; what only Java takes for a number is refused. */
  private static String floating(String text) {
    String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    String number = text.substring(sign.length());
    return switch (number) {
      case "inf" -> sign + "Infinity";
      case "nan" -> sign + "NaN";
      default -> {
        if (!number.matches("[0-9.]+([eE][-+]?[0-9]+)?|0x[0-9a-fA-F.]+[pP][-+]?[0-9]+")) {
          throw new NumberFormatException();
        }
        yield text;
      }
    };
  }

  private static V128 v128(String text) {
    if (!text.matches("0x[0-9a-fA-F]{32}")) {
      throw new NumberFormatException();
    }
    return new V128(
        Long.parseUnsignedLong(text, 18, 34, 16), Long.parseUnsignedLong(text, 2, 18, 16));
  }

  private static Object reference(RefType type, String text) {
    if (text.equals("null") && type.nullable()) {
      return null;
    }
    if (type.heap() == AbsHeapType.EXTERN) {
      return text;
    }
    throw new NumberFormatException();
  }

  private static int i32(String text) {
    if (text.startsWith("0x")) {
      return Integer.parseUnsignedInt(text.substring(2), 16);
    }
    return text.startsWith("-") ? Integer.parseInt(text) : Integer.parseUnsignedInt(text);
  }

  private static long i64(String text) {
    if (text.startsWith("0x")) {
      return Long.parseUnsignedLong(text.substring(2), 16);
    }
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  /** The results of a function: nothing, one boxed value, or an array of several. */
  static List<String> show(List<ValType> types, Object result) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      shown.add(show(types.get(i), types.size() == 1 ? result : ((Object[]) result)[i]));
    }
    return shown;
  }

  private static String show(ValType type, Object value) {
    return switch (value) {
      case null -> "null";
      case V128 vector -> String.format("0x%016x%016x", vector.high(), vector.low());
      case Float number -> floating(number.toString(), Float.floatToRawIntBits(number) < 0);
      case Double number -> floating(number.toString(), Double.doubleToRawLongBits(number) < 0);
      case Number number -> number.toString();
      case String text -> text;
      // What a reference of the guest's leads to has no text.
      default -> type.toString();
    };
  }

  private static String floating(String text, boolean negative) {
    return switch (text) {
      case "NaN" -> negative ? "-nan" : "nan";
      case "Infinity" -> "inf";
      case "-Infinity" -> "-inf";
      default -> text;
    };
  }
}
