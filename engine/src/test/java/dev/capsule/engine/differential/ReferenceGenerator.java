package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** References: made, read, cast, and what can be read out of them. */
final class ReferenceGenerator {
  private final FunctionGenerator g;
  private final Choices choices;

  ReferenceGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  void value(RefType type) {
    switch (choices.weighted(10, 25, 30, 8, 8, 5, 5, 5, 4)) {
      case 0 -> simplest(type);
      case 1 -> variable(type);
      case 2 -> make(type, false);
      case 3 -> read(type);
      case 4 -> cast(type);
      case 5 -> g.control.value(type);
      case 6 -> g.calls.value(type);
      case 7 -> branch(type);
      default -> {
        g.values(type, type, NumType.I32);
        g.emit(Opcode.SELECT_T, 1);
        g.code.valType(type);
      }
    }
  }

  /** Null where that is allowed, else something made of constants. */
  void simplest(RefType type) {
    if (type.nullable()) {
      nothing(type.heap());
    } else {
      make(type, true);
    }
  }

  private void nothing(HeapType heap) {
    g.emit(Opcode.REF_NULL);
    g.code.heap(heap);
  }

  private void variable(RefType type) {
    int local = g.anyLocal(type, false);
    if (local >= 0 && choices.chance(75)) {
      g.get(local);
      return;
    }
    int global = g.numbers.anyGlobal(type, false);
    if (global >= 0) {
      g.emit(Opcode.GLOBAL_GET, global);
    } else if (!g.accesses.get(type)) {
      make(type, false);
    }
  }

  /** A value that is made here; null, or a trap, for types of which none can be. */
  private void make(RefType type, boolean simple) {
    switch (type.heap()) {
      case AbsHeapType abs -> {
        switch (abs) {
          case I31 -> i31(simple);
          case ANY, EQ -> {
            int kind = simple ? 0 : choices.below(abs == AbsHeapType.ANY ? 4 : 3);
            if (kind == 1 && !g.env.structs.isEmpty()) {
              struct(choices.pick(g.env.structs), simple);
            } else if (kind == 2 && !g.env.arrays.isEmpty()) {
              array(choices.pick(g.env.arrays), simple);
            } else if (kind == 3 && type.nullable()) {
              g.value(RefType.EXTERNREF);
              g.emit(Opcode.ANY_CONVERT_EXTERN);
            } else {
              i31(simple);
            }
          }
          case STRUCT -> {
            if (g.env.structs.isEmpty()) {
              impossible(type);
            } else {
              struct(choices.pick(g.env.structs), simple);
            }
          }
          case ARRAY -> {
            if (g.env.arrays.isEmpty()) {
              impossible(type);
            } else {
              array(choices.pick(g.env.arrays), simple);
            }
          }
          case FUNC -> g.emit(Opcode.REF_FUNC, choices.below(g.env.funcs.size()));
          case EXTERN -> {
            if (simple) {
              impossible(type);
            } else {
              g.value(new RefType(type.nullable(), AbsHeapType.ANY));
              g.emit(Opcode.EXTERN_CONVERT_ANY);
            }
          }
          default -> impossible(type);
        }
      }
      case DefType def -> {
        switch (def.expand()) {
          case StructType struct -> struct(below(def, g.env.structs), simple);
          case ArrayType array -> array(below(def, g.env.arrays), simple);
          case FuncType func -> {
            int index = function(def);
            if (index < 0) {
              impossible(type);
            } else {
              g.emit(Opcode.REF_FUNC, index);
            }
          }
        }
      }
      default -> impossible(type);
    }
  }

  private void impossible(RefType type) {
    nothing(type.heap());
    if (!type.nullable()) {
      g.emit(Opcode.REF_AS_NON_NULL);
    }
  }

  private void i31(boolean simple) {
    if (simple) {
      g.numbers.constant(NumType.I32);
    } else {
      g.value(NumType.I32);
    }
    g.emit(Opcode.REF_I31);
  }

  /** A type of the list that is below a type. */
  private int below(DefType type, List<Integer> among) {
    int start = choices.below(among.size());
    for (int i = 0; i < among.size(); i++) {
      int at = among.get((start + i) % among.size());
      if (g.env.types.get(at).isSubtypeOf(type)) {
        return at;
      }
    }
    throw new IllegalStateException();
  }

  /** A function whose type is below a type, or -1. */
  int function(DefType type) {
    int count = g.env.funcs.size();
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int at = (start + i) % count;
      if (g.env.funcs.get(at).isSubtypeOf(type)) {
        return at;
      }
    }
    return -1;
  }

  private void struct(int index, boolean simple) {
    List<FieldType> fields = ((StructType) g.env.types.get(index).expand()).fields();
    boolean defaults = fields.stream().allMatch(f -> f.storage().defaultable());
    if (defaults && (simple || choices.chance(30))) {
      g.emit(Opcode.STRUCT_NEW_DEFAULT, index);
      return;
    }
    List<ValType> types = new ArrayList<>();
    for (FieldType field : fields) {
      types.add(field.storage().unpacked());
    }
    elements(types, simple);
    g.emit(Opcode.STRUCT_NEW, index);
  }

  private void elements(List<ValType> types, boolean simple) {
    if (!simple) {
      g.values(types);
      return;
    }
    for (ValType type : types) {
      if (type instanceof RefType ref) {
        simplest(ref);
      } else {
        g.numbers.constant(type);
      }
    }
  }

  private void array(int index, boolean simple) {
    StorageType storage = element(index).storage();
    switch (simple ? 0 : choices.below(6)) {
      case 0 -> fixed(index, simple);
      case 1 -> {
        if (!storage.defaultable()) {
          fixed(index, false);
        } else {
          length();
          g.emit(Opcode.ARRAY_NEW_DEFAULT, index);
        }
      }
      case 2 -> {
        g.value(storage.unpacked());
        length();
        g.emit(Opcode.ARRAY_NEW, index);
      }
      case 3 -> {
        if (!segment(index, Opcode.ARRAY_NEW_DATA, Opcode.ARRAY_NEW_ELEM)) {
          fixed(index, false);
        }
      }
      default -> fixed(index, false);
    }
  }

  private void fixed(int index, boolean simple) {
    int count = simple ? 2 : choices.below(choices.chance(3) ? 60 : 6);
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(element(index).storage().unpacked());
    }
    elements(types, simple);
    g.emit(Opcode.ARRAY_NEW_FIXED, index);
    g.code.u32(count);
  }

  private void length() {
    switch (choices.weighted(60, 35, 3, 2)) {
      case 0 -> g.code.i32(choices.below(12));
      case 1 -> g.small(15);
      case 2 -> g.code.i32(choices.below(5000));
      default -> g.code.i32(-1 - choices.below(3));
    }
    g.height++;
  }

  private FieldType element(int array) {
    return ((ArrayType) g.env.types.get(array).expand()).field();
  }

  /** The instruction that takes elements from a fitting segment, unless there is none. */
  private boolean segment(int array, Opcode data, Opcode elem) {
    if (element(array).storage() instanceof RefType ref) {
      int segment = g.accesses.elem(ref);
      if (segment < 0) {
        return false;
      }
      range(g.env.elemSizes.get(segment));
      g.emit(elem, array);
      g.code.u32(segment);
    } else {
      if (g.env.dataSizes.isEmpty()) {
        return false;
      }
      int segment = choices.below(g.env.dataSizes.size());
      range(g.env.dataSizes.get(segment) / 8);
      g.emit(data, array);
      g.code.u32(segment);
    }
    return true;
  }

  /** Start and length within, mostly, a segment. */
  private void range(int size) {
    if (choices.chance(10)) {
      g.values(NumType.I32, NumType.I32);
      return;
    }
    int start = choices.below(size + 1);
    g.code.i32(start);
    g.code.i32(choices.below(size - start + (choices.chance(10) ? 2 : 1)));
    g.height += 2;
  }

  /** A field or an element of a type, if any structure has it. */
  private void read(RefType type) {
    if (!field(type)) {
      variable(type);
    }
  }

  private boolean field(ValType type) {
    List<int[]> places = new ArrayList<>();
    for (int index : g.env.structs) {
      List<FieldType> fields = ((StructType) g.env.types.get(index).expand()).fields();
      for (int i = 0; i < fields.size(); i++) {
        if (Subtyping.matches(fields.get(i).storage().unpacked(), type)) {
          places.add(new int[] {index, i});
        }
      }
    }
    for (int index : g.env.arrays) {
      if (Subtyping.matches(element(index).storage().unpacked(), type)) {
        places.add(new int[] {index});
      }
    }
    if (places.isEmpty()) {
      return false;
    }
    int[] place = choices.pick(places);
    target(place[0]);
    if (place.length == 1) {
      index();
      read(element(place[0]), place[0], Opcode.ARRAY_GET, Opcode.ARRAY_GET_S, Opcode.ARRAY_GET_U);
    } else {
      FieldType field = ((StructType) g.env.types.get(place[0]).expand()).fields().get(place[1]);
      read(field, place[0], Opcode.STRUCT_GET, Opcode.STRUCT_GET_S, Opcode.STRUCT_GET_U);
      g.code.u32(place[1]);
    }
    return true;
  }

  private void read(FieldType field, int type, Opcode plain, Opcode signed, Opcode unsigned) {
    boolean packed = field.storage() instanceof PackedType;
    g.emit(packed ? choices.chance(50) ? signed : unsigned : plain, type);
  }

  /** A structure to read or write: mostly not null. */
  private void target(int type) {
    g.value(new RefType(choices.chance(15), g.env.types.get(type)));
  }

  private void index() {
    switch (choices.weighted(70, 25, 5)) {
      case 0 -> {
        g.code.i32(choices.below(3));
        g.height++;
      }
      case 1 -> g.small(3);
      default -> g.value(NumType.I32);
    }
  }

  /** {@code ref.cast}, {@code ref.as_non_null} or a branch that finds out. */
  private void cast(RefType type) {
    if (!type.nullable() && choices.chance(30)) {
      g.value(type.withNullable(choices.chance(40)));
      g.emit(Opcode.REF_AS_NON_NULL);
      return;
    }
    RefType top = new RefType(true, Subtyping.top(type.heap()));
    boolean exact = choices.chance(70);
    g.value(exact ? type : top);
    g.emit(type.nullable() ? Opcode.REF_CAST_NULL : Opcode.REF_CAST);
    g.code.heap(type.heap());
  }

  /** A value that arrives at the end of a block by one of the branches that test references. */
  private void branch(RefType type) {
    RefType top = new RefType(true, Subtyping.top(type.heap()));
    Frame block = g.open(Opcode.BLOCK, List.of(), List.of(type));
    switch (choices.below(4)) {
      case 0 -> {
        g.value(choices.chance(50) ? type : top);
        cast(Opcode.BR_ON_CAST, top, type, block);
        g.consume(List.of(top));
        g.value(type);
      }
      case 1 -> {
        // Falls through with the type asked for; the branch leaves with the rest.
        Frame fail = g.open(Opcode.BLOCK, List.of(), List.of(top));
        g.value(choices.chance(50) ? type : top);
        cast(Opcode.BR_ON_CAST_FAIL, top, type, fail);
        g.emit(Opcode.BR, g.label(block));
        g.cut();
        g.close();
        g.consume(List.of(top));
        g.value(type);
      }
      case 2 -> {
        g.value(type.withNullable(true));
        g.emit(Opcode.BR_ON_NON_NULL, g.label(block));
        g.value(type);
      }
      default -> {
        Frame isNull = g.open(Opcode.BLOCK, List.of(), List.of());
        g.value(type.withNullable(true));
        g.emit(Opcode.BR_ON_NULL, g.label(isNull));
        g.emit(Opcode.BR, g.label(block));
        g.cut();
        g.close();
        g.value(type);
      }
    }
    g.close();
  }

  private void cast(Opcode op, RefType from, RefType to, Frame target) {
    g.emit(op);
    g.code.u8((from.nullable() ? 1 : 0) | (to.nullable() ? 2 : 0));
    g.code.u32(g.label(target));
    g.code.heap(from.heap()).heap(to.heap());
  }

  /** A number that comes out of a reference. */
  void number(ValType type) {
    boolean integer = type == NumType.I32;
    int kind = choices.below(integer ? 8 : 2);
    if (kind < 2 || !g.env.uses(Family.REFERENCE) && !g.env.uses(Family.AGGREGATE)) {
      if (!field(type)) {
        g.numbers.variable(type);
      }
      return;
    }
    switch (kind) {
      case 2 -> {
        g.value(any());
        g.emit(Opcode.REF_IS_NULL);
      }
      case 3 -> {
        g.values(RefType.EQREF, RefType.EQREF);
        g.emit(Opcode.REF_EQ);
      }
      case 4, 5 -> {
        RefType tested = any();
        RefType top = new RefType(true, Subtyping.top(tested.heap()));
        g.value(choices.chance(50) ? tested.withNullable(true) : top);
        g.emit(tested.nullable() ? Opcode.REF_TEST_NULL : Opcode.REF_TEST);
        g.code.heap(tested.heap());
      }
      case 6 -> {
        g.value(new RefType(choices.chance(10), AbsHeapType.I31));
        g.emit(choices.chance(50) ? Opcode.I31_GET_S : Opcode.I31_GET_U);
      }
      default -> {
        boolean some = !g.env.arrays.isEmpty();
        g.value(new RefType(!some || choices.chance(10), AbsHeapType.ARRAY));
        g.emit(Opcode.ARRAY_LEN);
      }
    }
  }

  /** Some type of references. */
  RefType any() {
    if (choices.chance(50)) {
      return new RefType(!choices.chance(50), choices.pick(g.env.types));
    }
    AbsHeapType[] all = AbsHeapType.values();
    return new RefType(!choices.chance(30), all[choices.below(all.length - 1)]);
  }

  /** Writes to a structure, unless nothing can be written. */
  void write() {
    List<Integer> all = new ArrayList<>(g.env.structs);
    all.addAll(g.env.arrays);
    if (all.isEmpty()) {
      return;
    }
    int index = choices.pick(all);
    if (g.env.types.get(index).expand() instanceof StructType struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        FieldType field = struct.fields().get(i);
        if (field.mutable() && choices.chance(60)) {
          target(index);
          g.value(field.storage().unpacked());
          g.emit(Opcode.STRUCT_SET, index);
          g.code.u32(i);
          return;
        }
      }
    } else if (element(index).mutable()) {
      writeArray(index);
    }
  }

  private void writeArray(int array) {
    StorageType storage = element(array).storage();
    switch (choices.below(4)) {
      case 0 -> {
        target(array);
        index();
        g.value(storage.unpacked());
        g.emit(Opcode.ARRAY_SET, array);
      }
      case 1 -> {
        target(array);
        index();
        g.value(storage.unpacked());
        index();
        g.emit(Opcode.ARRAY_FILL, array);
      }
      case 2 -> {
        int source = source(array, storage);
        target(array);
        index();
        target(source);
        index();
        index();
        g.emit(Opcode.ARRAY_COPY, array);
        g.code.u32(source);
      }
      default -> initialise(array, storage);
    }
  }

  /** An array type whose elements fit into another's. */
  private int source(int array, StorageType storage) {
    int start = choices.below(g.env.arrays.size());
    for (int i = 0; i < g.env.arrays.size(); i++) {
      int at = g.env.arrays.get((start + i) % g.env.arrays.size());
      if (Subtyping.matches(element(at).storage(), storage)) {
        return at;
      }
    }
    return array;
  }

  private void initialise(int array, StorageType storage) {
    boolean refs = storage instanceof RefType;
    if (refs ? g.accesses.elem((RefType) storage) < 0 : g.env.dataSizes.isEmpty()) {
      return;
    }
    target(array);
    index();
    segment(array, Opcode.ARRAY_INIT_DATA, Opcode.ARRAY_INIT_ELEM);
  }
}
