package dev.capsule.cli;

import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of {@code --invoke} as text. */
final class InvokeValues {
  private InvokeValues() {}

  /**
   * The arguments of a function; integers may be decimal, signed or unsigned, or 0x hexadecimal.
   *
   * @throws ModuleRun.CannotRunException if number or form do not fit
   */
  static Object[] parse(List<ValType> types, List<String> texts) {
    if (types.size() != texts.size()) {
      throw new ModuleRun.CannotRunException(
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
              case F32 -> Float.parseFloat(text);
              case F64 -> Double.parseDouble(text);
            };
        case VecType vec -> throw new NumberFormatException();
        case RefType ref -> throw new NumberFormatException();
      };
    } catch (NumberFormatException e) {
      throw new ModuleRun.CannotRunException("argument \"" + text + "\" is not of type " + type);
    }
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

  /** The results of a function: one boxed value, or an array of several. */
  static List<String> show(List<ValType> types, Object result) {
    List<Object> values = types.size() == 1 ? List.of(result) : Arrays.asList((Object[]) result);
    List<String> shown = new ArrayList<>();
    for (Object value : values) {
      shown.add(
          value instanceof V128 vector
              ? String.format("0x%016x%016x", vector.high(), vector.low())
              : String.valueOf(value));
    }
    return shown;
  }
}
