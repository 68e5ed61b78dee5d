package dev.capsule.engine.text;

import dev.capsule.engine.types.AbsHeapType;
import java.util.List;

/** What a result must look like. */
public sealed interface Pattern {
  /** Equal to a value, bit by bit. */
  record Exact(Value value) implements Pattern {}

  /** A NaN with only the top bit of its payload set, of either sign; {@code bits} is 32 or 64. */
  record CanonicalNan(int bits) implements Pattern {}

  /** A NaN with the top bit of its payload set, of either sign; {@code bits} is 32 or 64. */
  record ArithmeticNan(int bits) implements Pattern {}

  /** A vector whose lanes, of 32 or 64 bits, each look like something. */
  record Lanes(int bits, List<Pattern> lanes) implements Pattern {}

  /** A non-null reference of a kind: {@code (ref.func)}, {@code (ref.struct)} and so on. */
  record Ref(AbsHeapType type) implements Pattern {}

  /** One of several. */
  record Either(List<Pattern> patterns) implements Pattern {}
}
