package dev.capsule.engine.differential;

import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RecGroup;
import dev.capsule.engine.types.RecVar;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Makes the types that the two modules of a case share: aggregates, signatures, hierarchies. */
final class TypeGenerator {
  private static final List<ValType> NUMBERS =
      List.of(NumType.I32, NumType.I64, NumType.F32, NumType.F64);
  private static final List<AbsHeapType> ABSTRACT =
      List.of(
          AbsHeapType.ANY,
          AbsHeapType.EQ,
          AbsHeapType.I31,
          AbsHeapType.STRUCT,
          AbsHeapType.ARRAY,
          AbsHeapType.FUNC,
          AbsHeapType.EXTERN,
          AbsHeapType.EXN,
          AbsHeapType.NONE,
          AbsHeapType.NOFUNC,
          AbsHeapType.NOEXTERN,
          AbsHeapType.NOEXN);

  private final Choices choices;
  private final EnumSet<Family> families;
  private final List<RecGroup> groups = new ArrayList<>();
  private final List<DefType> types = new ArrayList<>();

  TypeGenerator(Choices choices, EnumSet<Family> families) {
    this.choices = choices;
    this.families = families;
  }

  List<RecGroup> groups() {
    add(RecGroup.of(List.of(new SubType(true, List.of(), FuncType.EMPTY))));
    if (families.contains(Family.AGGREGATE)) {
      for (int i = 1 + choices.below(3); i > 0; i--) {
        aggregate();
      }
      if (choices.chance(40)) {
        recursive();
      }
    }
    for (int i = 1 + choices.below(5); i > 0; i--) {
      add(single(choices.chance(20), List.of(), signature()));
    }
    if (families.contains(Family.REFERENCE) && choices.chance(40)) {
      hierarchyOfFunctions();
    }
    return groups;
  }

  private void add(RecGroup group) {
    groups.add(group);
    types.addAll(group.types());
  }

  private static RecGroup single(boolean open, List<HeapType> supers, CompType type) {
    return RecGroup.of(List.of(new SubType(!open, supers, type)));
  }

  private void aggregate() {
    if (choices.chance(50)) {
      add(single(choices.chance(30), List.of(), new ArrayType(field())));
      return;
    }
    List<FieldType> fields = fields();
    boolean open = choices.chance(60);
    RecGroup above = single(open, List.of(), new StructType(fields));
    add(above);
    if (open) {
      List<FieldType> more = new ArrayList<>(fields);
      more.addAll(fields());
      RecGroup below = single(true, List.of(above.types().get(0)), new StructType(more));
      add(below);
    }
  }

  private List<FieldType> fields() {
    List<FieldType> fields = new ArrayList<>();
    for (int i = choices.below(5); i > 0; i--) {
      fields.add(field());
    }
    return fields;
  }

  private FieldType field() {
    StorageType storage =
        switch (choices.weighted(6, 2, 2)) {
          case 0 -> value();
          case 1 -> PackedType.I8;
          default -> PackedType.I16;
        };
    return new FieldType(!choices.chance(20), storage);
  }

  /** A struct and an array that refer to each other and to themselves. */
  private void recursive() {
    RefType first = new RefType(true, new RecVar(0));
    RefType second = new RefType(true, new RecVar(1));
    List<FieldType> fields = new ArrayList<>(fields());
    fields.add(new FieldType(true, first));
    fields.add(new FieldType(true, second));
    add(
        RecGroup.of(
            List.of(
                new SubType(true, List.of(), new StructType(fields)),
                new SubType(
                    true,
                    List.of(),
                    new ArrayType(new FieldType(true, choices.chance(50) ? first : second))))));
  }

  private void hierarchyOfFunctions() {
    List<ValType> params = values(3);
    List<ValType> rest = values(2);
    List<ValType> wide = new ArrayList<>(rest);
    wide.add(RefType.EQREF);
    List<ValType> narrow = new ArrayList<>(rest);
    narrow.add(RefType.I31REF);
    RecGroup above = single(true, List.of(), new FuncType(params, wide));
    add(above);
    add(single(false, List.of(above.types().get(0)), new FuncType(params, narrow)));
  }

  private FuncType signature() {
    if (choices.chance(2)) {
      return new FuncType(
          many(choices.chance(10) ? 1000 : 180), many(choices.chance(10) ? 500 : 20));
    }
    return new FuncType(values(4), values(choices.chance(20) ? 6 : 2));
  }

  private List<ValType> many(int most) {
    List<ValType> list = new ArrayList<>();
    for (int i = choices.below(most); i > 0; i--) {
      list.add(number());
    }
    return list;
  }

  List<ValType> values(int most) {
    List<ValType> list = new ArrayList<>();
    for (int i = choices.below(most + 1); i > 0; i--) {
      list.add(value());
    }
    return list;
  }

  private ValType number() {
    return families.contains(Family.SIMD) && choices.chance(15)
        ? VecType.V128
        : choices.pick(NUMBERS);
  }

  ValType value() {
    boolean references = families.contains(Family.REFERENCE) || families.contains(Family.AGGREGATE);
    return references && choices.chance(30) ? reference() : number();
  }

  RefType reference() {
    if (choices.chance(40) && types.size() > 1) {
      DefType type = choices.pick(types);
      // Values of other types that are not null might need each other to be made.
      return new RefType(!choices.chance(25), type);
    }
    AbsHeapType heap = choices.pick(ABSTRACT.subList(0, choices.chance(10) ? 12 : 8));
    boolean made = heap == AbsHeapType.I31 || heap == AbsHeapType.EQ || heap == AbsHeapType.ANY;
    return new RefType(!(made && choices.chance(25)), heap);
  }
}
