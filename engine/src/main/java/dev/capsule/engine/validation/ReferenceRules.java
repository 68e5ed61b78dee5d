package dev.capsule.engine.validation;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** References, casts and the branches that test them (spec 3.4.2, 3.4.10, 3.4.11). */
final class ReferenceRules {
  private static final RefType I31 = new RefType(false, AbsHeapType.I31);

  private ReferenceRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    switch (in.opcode) {
      case REF_NULL -> {
        RefType type = new RefType(true, in.heap);
        typer.require(type);
        typer.push(type);
      }
      case REF_FUNC -> {
        if (Integer.compareUnsigned(in.index, typer.module.funcCount()) >= 0) {
          throw typer.unknown("function", in.index);
        }
        typer.requireDeclared(in.index);
        typer.push(new RefType(false, typer.module.func(in.index)));
      }
      case REF_IS_NULL -> {
        typer.popRef();
        typer.push(NumType.I32);
      }
      case REF_AS_NON_NULL -> typer.push(typer.popRef().withNullable(false));
      case REF_EQ -> {
        typer.pop(new ValType[] {RefType.EQREF, RefType.EQREF});
        typer.push(NumType.I32);
      }
      case REF_TEST, REF_TEST_NULL -> {
        popCastable(typer, in.heap, in.opcode == Opcode.REF_TEST_NULL);
        typer.push(NumType.I32);
      }
      case REF_CAST, REF_CAST_NULL -> {
        boolean nullable = in.opcode == Opcode.REF_CAST_NULL;
        popCastable(typer, in.heap, nullable);
        typer.push(new RefType(nullable, in.heap));
      }
      case BR_ON_NULL -> {
        RefType type = typer.popRef();
        List<ValType> label = typer.label(in.index);
        typer.pop(label);
        typer.push(label);
        typer.push(type.withNullable(false));
      }
      case BR_ON_NON_NULL -> {
        RefType type = typer.popRef().withNullable(false);
        List<ValType> rest = branchTaking(typer, in.index, type);
        typer.pop(rest);
        typer.push(rest);
      }
      case BR_ON_CAST -> cast(typer, in, in.castTo, difference(in.castFrom, in.castTo));
      case BR_ON_CAST_FAIL -> cast(typer, in, difference(in.castFrom, in.castTo), in.castTo);
      case REF_I31 -> {
        typer.pop(NumType.I32);
        typer.push(I31);
      }
      case I31_GET_S, I31_GET_U -> {
        typer.pop(RefType.I31REF);
        typer.push(NumType.I32);
      }
      case ANY_CONVERT_EXTERN -> convert(typer, AbsHeapType.EXTERN, AbsHeapType.ANY);
      case EXTERN_CONVERT_ANY -> convert(typer, AbsHeapType.ANY, AbsHeapType.EXTERN);
      default -> throw new AssertionError(in.opcode);
    }
  }

  private static void popCastable(OperandTyper typer, HeapType heap, boolean nullable) {
    typer.require(new RefType(nullable, heap));
    typer.pop(new RefType(true, Subtyping.top(heap)));
  }

  /**
   * @param taken what the branch takes along
   * @param kept what stays on the stack where the branch is not taken
   */
  private static void cast(OperandTyper typer, InstructionReader in, RefType taken, RefType kept) {
    typer.require(in.castFrom);
    typer.require(in.castTo);
    if (!Subtyping.matches(in.castTo, in.castFrom)) {
      throw typer.invalid(
          "type mismatch: cast from " + in.castFrom + " to " + in.castTo + ", which is no subtype");
    }
    typer.pop(in.castFrom);
    List<ValType> rest = branchTaking(typer, in.index, taken);
    typer.pop(rest);
    typer.push(rest);
    typer.push(kept);
  }

  /** Checks that a label's last type accepts {@code type}; gives the types before it. */
  private static List<ValType> branchTaking(OperandTyper typer, int index, RefType type) {
    List<ValType> label = typer.label(index);
    int last = label.size() - 1;
    if (last < 0 || !Subtyping.matches(type, label.get(last))) {
      throw typer.invalid(
          "type mismatch: instruction requires type " + type + " but label has " + label);
    }
    return label.subList(0, last);
  }

  /** What is left of {@code from} when a value is not in {@code to} (spec 3.1.5). */
  private static RefType difference(RefType from, RefType to) {
    return to.nullable() ? from.withNullable(false) : from;
  }

  private static void convert(OperandTyper typer, AbsHeapType from, AbsHeapType to) {
    RefType type = typer.popRef();
    if (!Subtyping.matches(type, new RefType(true, from))) {
      throw typer.invalid(
          "type mismatch: instruction requires [" + from + "ref] but stack has [" + type + "]");
    }
    typer.push(new RefType(type.nullable(), to));
  }
}
