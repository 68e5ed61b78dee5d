package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.Collection;

/** Validity of value types (spec 3.2) under a set of enabled features. */
final class TypeRules {
  static final TypeRules ALL = new TypeRules(-1L);

  /** Enabled features, by ordinal. */
  final long features;

  TypeRules(Collection<Feature> enabled) {
    this(mask(enabled));
  }

  private TypeRules(long features) {
    this.features = features;
  }

  private static long mask(Collection<Feature> enabled) {
    long mask = Signature.bit(Feature.MVP);
    for (Feature feature : enabled) {
      mask |= Signature.bit(feature);
    }
    return mask;
  }

  boolean has(Feature feature) {
    return (features & Signature.bit(feature)) != 0;
  }

  /** What is wrong with a type, or null. */
  String problem(ValType type) {
    return switch (type) {
      case NumType n -> null;
      case VecType v -> missing(Feature.SIMD);
      case RefType r -> problem(r);
    };
  }

  /** What is wrong with a reference type, or null. */
  String problem(RefType type) {
    HeapType heap = type.heap();
    if (heap instanceof UnknownType unknown) {
      return "unknown type " + unknown;
    }
    if (features == ALL.features) {
      return null;
    }
    if (heap instanceof DefType || !type.nullable()) {
      return missing(Feature.FUNCTION_REFERENCES);
    }
    return heap instanceof AbsHeapType abs ? missing(needed(abs)) : null;
  }

  private static Feature needed(AbsHeapType type) {
    return switch (type) {
      case FUNC, EXTERN -> Feature.REFERENCE_TYPES;
      case EXN, NOEXN -> Feature.EXCEPTIONS;
      default -> Feature.GC;
    };
  }

  /** The message for a feature that is switched off, or null where it is on. */
  String missing(Feature feature) {
    return has(feature) ? null : disabled(feature);
  }

  static String disabled(Feature feature) {
    return "feature " + feature + " is disabled";
  }
}
