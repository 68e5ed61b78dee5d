package dev.capsule.engine.text;

import dev.capsule.engine.types.AbsHeapType;
import java.util.List;

/** What a result must look like. Its {@code toString} is for people. */
public sealed interface Pattern {
  /** Equal to a value, bit by bit. */
  record Exact(Value value) implements Pattern {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** A NaN with only the top bit of its payload set, of either sign; {@code bits} is 32 or 64. */
  record CanonicalNan(int bits) implements Pattern {
    @Override
    public String toString() {
      return "(f" + bits + ".const nan:canonical)";
    }
  }

  /** A NaN with the top bit of its payload set, of either sign; {@code bits} is 32 or 64. */
  record ArithmeticNan(int bits) implements Pattern {
    @Override
    public String toString() {
      return "(f" + bits + ".const nan:arithmetic)";
    }
  }

  /** A vector whose lanes, of 32 or 64 bits, each look like something. */
  record Lanes(int bits, List<Pattern> lanes) implements Pattern {
    @Override
    public String toString() {
      return "(v128 of " + lanes + ")";
    }
  }

  /** A non-null reference of a kind: {@code (ref.func)}, {@code (ref.struct)} and so on. */
  record Ref(AbsHeapType type) implements Pattern {
    @Override
    public String toString() {
      return "(ref." + type + ")";
    }
  }

  /** One of several. */
  record Either(List<Pattern> patterns) implements Pattern {
    @Override
    public String toString() {
      return "(either " + patterns + ")";
    }
  }
}
