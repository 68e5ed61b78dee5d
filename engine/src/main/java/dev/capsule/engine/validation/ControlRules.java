package dev.capsule.engine.validation;

import dev.capsule.engine.module.Feature;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.ValType;
import java.util.List;

/** Blocks, branches and calls (spec 3.4.2 to 3.4.4), and the parametric instructions (3.4.1). */
final class ControlRules {
  private static final List<ValType> I32 = List.of(NumType.I32);
  private static final List<ValType> I64 = List.of(NumType.I64);
  private static final List<ValType> F32 = List.of(NumType.F32);
  private static final List<ValType> F64 = List.of(NumType.F64);

  private ControlRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    switch (in.opcode) {
      case UNREACHABLE -> typer.cut();
      case BLOCK, LOOP, IF -> block(typer, in);
      case ELSE -> otherwise(typer, in);
      case END -> end(typer);
      case BR -> {
        typer.check(typer.label(in.index));
        typer.cut();
      }
      case BR_IF -> {
        typer.pop(NumType.I32);
        List<ValType> types = typer.label(in.index);
        typer.pop(types);
        typer.push(types);
      }
      case BR_TABLE -> table(typer, in.labels);
      case RETURN -> {
        typer.check(typer.functionResults());
        typer.cut();
      }
      case CALL -> call(typer, callee(typer, in.index));
      case CALL_REF -> call(typer, callee(typer, in));
      case CALL_INDIRECT -> call(typer, indirect(typer, in));
      case RETURN_CALL -> tailCall(typer, callee(typer, in.index));
      case RETURN_CALL_REF -> {
        typer.require(Feature.TAIL_CALLS);
        tailCall(typer, callee(typer, in));
      }
      case RETURN_CALL_INDIRECT -> tailCall(typer, indirect(typer, in));
      case DROP -> typer.pop();
      case SELECT -> select(typer);
      case SELECT_T -> select(typer, in.types);
      default -> throw new AssertionError(in.opcode);
    }
  }

  /** Opens a block of the type that the reader holds; its parameters are on the stack. */
  static void block(OperandTyper typer, InstructionReader in) {
    List<ValType> params = List.of();
    List<ValType> results;
    if (in.blockType < 0) {
      results = results(typer, in.blockResult);
    } else {
      typer.require(Feature.MULTI_VALUE);
      FuncType type = typer.funcType(typer.module.type(in.blockType), in.blockType);
      params = type.params();
      results = type.results();
    }
    if (in.opcode == Opcode.IF) {
      typer.pop(NumType.I32);
    }
    typer.pop(params);
    typer.open(in.opcode, params, results, in.start);
  }

  private static List<ValType> results(OperandTyper typer, ValType type) {
    return switch (type) {
      case null -> List.of();
      case NumType.I32 -> I32;
      case NumType.I64 -> I64;
      case NumType.F32 -> F32;
      case NumType.F64 -> F64;
      case ValType other -> {
        typer.require(other);
        yield List.of(other);
      }
    };
  }

  private static void otherwise(OperandTyper typer, InstructionReader in) {
    if (typer.innermost().opcode != Opcode.IF) {
      throw typer.malformed("misplaced else");
    }
    ControlFrame closed = typer.close();
    typer.open(Opcode.ELSE, closed.params, closed.results, in.start);
  }

  private static void end(OperandTyper typer) {
    ControlFrame closed = typer.close();
    if (closed.opcode == Opcode.IF && !Subtyping.matches(closed.params, closed.results)) {
      // Without an `else` the parameters themselves are the results.
      typer.push(closed.params);
      throw typer.mismatch(closed.results);
    }
    if (!typer.finished()) {
      typer.push(closed.results);
    }
  }

  private static void table(OperandTyper typer, int[] labels) {
    typer.pop(NumType.I32);
    List<ValType> last = typer.label(labels[labels.length - 1]);
    typer.check(last);
    List<ValType> checked = last;
    for (int label : labels) {
      List<ValType> types = typer.label(label);
      if (types != checked) {
        if (types.size() != last.size()) {
          throw typer.invalid(
              "type mismatch: labels of " + last.size() + " and " + types.size() + " values");
        }
        typer.check(types);
        checked = types;
      }
    }
    typer.cut();
  }

  private static void call(OperandTyper typer, FuncType type) {
    typer.pop(type.params());
    typer.push(type.results());
  }

  private static void tailCall(OperandTyper typer, FuncType type) {
    if (!Subtyping.matches(type.results(), typer.functionResults())) {
      throw typer.invalid(
          "type mismatch: function returns "
              + typer.functionResults()
              + " but callee returns "
              + type.results());
    }
    typer.pop(type.params());
    typer.cut();
  }

  private static FuncType callee(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.module.funcCount()) >= 0) {
      throw typer.unknown("function", index);
    }
    HeapType type = typer.module.func(index);
    return typer.funcType(type, index);
  }

  private static FuncType callee(OperandTyper typer, InstructionReader in) {
    DefType type = typer.defType(in.index);
    FuncType func = typer.funcType(type, in.index);
    typer.pop(new RefType(true, type));
    return func;
  }

  private static FuncType indirect(OperandTyper typer, InstructionReader in) {
    if (in.index2 != 0) {
      typer.require(Feature.REFERENCE_TYPES);
    }
    TableType table = TableRules.table(typer, in.index2);
    if (!Subtyping.matches(table.element(), RefType.FUNCREF)) {
      throw typer.invalid(
          "type mismatch: instruction requires table of function type but table has "
              + table.element());
    }
    FuncType func = typer.funcType(typer.defType(in.index), in.index);
    typer.pop(table.address().valType());
    return func;
  }

  private static void select(OperandTyper typer) {
    typer.pop(NumType.I32);
    ValType second = typer.pop();
    ValType first = typer.pop();
    ValType type = first == null ? second : first;
    if (type instanceof RefType) {
      throw typer.invalid(
          "type mismatch: instruction requires numeric or vector type but stack has " + type);
    }
    if (first != null && second != null && first != second) {
      throw typer.invalid(
          "type mismatch: select has operands of types " + first + " and " + second);
    }
    typer.push(type);
  }

  private static void select(OperandTyper typer, ValType[] types) {
    if (types.length != 1) {
      throw typer.invalid("invalid result arity: select needs one type, not " + types.length);
    }
    ValType type = types[0];
    typer.require(type);
    typer.pop(new ValType[] {type, type, NumType.I32});
    typer.push(type);
  }
}
