package dev.capsule.engine.script;

import dev.capsule.engine.exec.References;
import dev.capsule.engine.runtime.V128;
import dev.capsule.engine.text.Pattern;
import dev.capsule.engine.text.Value;
import dev.capsule.engine.types.AbsHeapType;
import java.util.List;

/**
 * Values of scripts as values of the runtime's API, and the comparison of results with patterns.
 */
final class Values {
  private Values() {}

  /** A reference of the host; equal numbers are the same reference. */
  private record HostReference(int number) {
    @Override
    public String toString() {
      return "(ref.extern " + number + ")";
    }
  }

  static Object of(Value value) {
    return switch (value) {
      case Value.I32 i -> i.value();
      case Value.I64 i -> i.value();
      case Value.F32 f -> Float.intBitsToFloat(f.bits());
      case Value.F64 f -> Double.longBitsToDouble(f.bits());
      case Value.V128 v -> new V128(v.low(), v.high());
      case Value.RefNull n -> null;
      case Value.RefExtern r -> new HostReference(r.number());
      case Value.RefHost r -> new HostReference(r.number());
    };
  }

  static boolean matches(Object actual, Pattern pattern) {
    return switch (pattern) {
      case Pattern.Exact exact -> equal(actual, exact.value());
      case Pattern.CanonicalNan nan -> isNan(actual, nan.bits(), true);
      case Pattern.ArithmeticNan nan -> isNan(actual, nan.bits(), false);
      case Pattern.Lanes lanes -> actual instanceof V128 vector && lanesMatch(vector, lanes);
      case Pattern.Ref ref -> actual != null && refMatches(actual, ref.type());
      case Pattern.Either either -> either.patterns().stream().anyMatch(p -> matches(actual, p));
    };
  }

  private static boolean refMatches(Object actual, AbsHeapType type) {
    boolean boxed =
        actual instanceof Integer
            || actual instanceof Long
            || actual instanceof Float
            || actual instanceof Double
            || actual instanceof V128;
    return !boxed && References.test(actual, type);
  }

  private static boolean equal(Object actual, Value expected) {
    return switch (expected) {
      case Value.F32 f -> actual instanceof Float a && Float.floatToRawIntBits(a) == f.bits();
      case Value.F64 f -> actual instanceof Double a && Double.doubleToRawLongBits(a) == f.bits();
      case Value.RefNull n -> actual == null;
      default -> of(expected).equals(actual);
    };
  }

  private static boolean isNan(Object actual, int bits, boolean canonical) {
    if (bits == 32) {
      return actual instanceof Float f && isNan(Float.floatToRawIntBits(f), bits, canonical);
    }
    return actual instanceof Double d && isNan(Double.doubleToRawLongBits(d), bits, canonical);
  }

  private static boolean isNan(long value, int bits, boolean canonical) {
    long quiet = bits == 32 ? 0x7FC0_0000L : 0x7FF8_0000_0000_0000L;
    long magnitude = value & (bits == 32 ? 0x7FFF_FFFFL : Long.MAX_VALUE);
    return canonical ? magnitude == quiet : (magnitude & quiet) == quiet;
  }

  private static boolean lanesMatch(V128 vector, Pattern.Lanes lanes) {
    for (int i = 0; i < lanes.lanes().size(); i++) {
      int bit = i * lanes.bits();
      long half = bit < 64 ? vector.low() : vector.high();
      boolean matches =
          lanes.bits() == 32
              ? matches(Float.intBitsToFloat((int) (half >>> bit % 64)), lanes.lanes().get(i))
              : matches(Double.longBitsToDouble(half), lanes.lanes().get(i));
      if (!matches) {
        return false;
      }
    }
    return true;
  }

  /** Results as scripts would write them. */
  static String describe(List<?> values) {
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      text.append(text.isEmpty() ? "" : " ").append(describe(value));
    }
    return text.isEmpty() ? "nothing" : text.toString();
  }

  private static String describe(Object value) {
    return switch (value) {
      case null -> "(ref.null)";
      case Integer i -> new Value.I32(i).toString();
      case Long l -> new Value.I64(l).toString();
      case Float f -> new Value.F32(Float.floatToRawIntBits(f)).toString();
      case Double d -> new Value.F64(Double.doubleToRawLongBits(d)).toString();
      case V128 v -> new Value.V128(v.low(), v.high()).toString();
      default -> value.toString();
    };
  }
}
