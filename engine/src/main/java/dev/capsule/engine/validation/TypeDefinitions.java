package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InvalidException;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** Validity of the type section (spec 3.2.7 to 3.2.11). */
final class TypeDefinitions {
  /** The limits that the JavaScript API sets too; without them small code could cost long work. */
  private static final int MAX_PARAMS = 1_000;

  private static final int MAX_RESULTS = 1_000;
  private static final int MAX_FIELDS = 10_000;
  private static final int MAX_DEPTH = 63;

  private final TypeRules rules;
  private int index;

  private TypeDefinitions(TypeRules rules) {
    this.rules = rules;
  }

  static void check(Module module, TypeRules rules) {
    TypeDefinitions definitions = new TypeDefinitions(rules);
    for (RecGroup group : module.groups()) {
      definitions.check(group);
    }
  }

  private void check(RecGroup group) {
    int first = index;
    if (group.types().size() != 1) {
      require(Feature.GC);
    }
    // All chains of supertypes first: comparing types follows them.
    int[] depths = new int[group.types().size()];
    for (DefType type : group.types()) {
      depths[type.index()] = depth(type, depths);
      index++;
    }
    index = first;
    for (DefType type : group.types()) {
      SubType sub = type.unrolled();
      check(sub.comp());
      for (HeapType above : sub.supers()) {
        if (!Subtyping.matches(sub.comp(), ((DefType) above).expand())) {
          throw invalid("sub type " + index + " does not match super type " + above);
        }
      }
      index++;
    }
  }

  private int depth(DefType type, int[] depths) {
    SubType sub = type.unrolled();
    if (!sub.isFinal() || !sub.supers().isEmpty()) {
      require(Feature.GC);
    }
    if (sub.supers().isEmpty()) {
      return 0;
    }
    if (sub.supers().size() > 1) {
      throw invalid("sub type " + index + " has more than one super type");
    }
    if (!(sub.supers().get(0) instanceof DefType above)) {
      throw invalid("unknown type " + sub.supers().get(0));
    }
    boolean inGroup = above.group() == type.group();
    if (inGroup && above.index() >= type.index()) {
      throw invalid("unknown type: forward use in sub type " + index);
    }
    if (above.unrolled().isFinal()) {
      throw invalid("sub type " + index + " does not match super type, which is final");
    }
    int depth = 1 + (inGroup ? depths[above.index()] : above.depth());
    if (depth > MAX_DEPTH) {
      throw invalid("sub type " + index + " has more than " + MAX_DEPTH + " super types above it");
    }
    return depth;
  }

  private void check(CompType type) {
    switch (type) {
      case FuncType func -> {
        limit("parameters", func.params().size(), MAX_PARAMS);
        limit("results", func.results().size(), MAX_RESULTS);
        if (func.results().size() > 1) {
          require(Feature.MULTI_VALUE);
        }
        check(func.params());
        check(func.results());
      }
      case StructType struct -> {
        require(Feature.GC);
        limit("fields", struct.fields().size(), MAX_FIELDS);
        for (FieldType field : struct.fields()) {
          check(field.storage());
        }
      }
      case ArrayType array -> {
        require(Feature.GC);
        check(array.field().storage());
      }
    }
  }

  private void check(List<ValType> types) {
    for (ValType type : types) {
      check(type);
    }
  }

  private void check(StorageType storage) {
    if (storage instanceof ValType type) {
      String problem = rules.problem(type);
      if (problem != null) {
        throw invalid(problem);
      }
    }
  }

  private void limit(String what, int count, int limit) {
    if (count > limit) {
      throw invalid("type has " + count + " " + what + ", more than " + limit);
    }
  }

  private void require(Feature feature) {
    if (!rules.has(feature)) {
      throw invalid(TypeRules.disabled(feature));
    }
  }

  private InvalidException invalid(String reason) {
    return new InvalidException(reason, "type " + index);
  }
}
