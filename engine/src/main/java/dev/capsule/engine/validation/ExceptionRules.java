package dev.capsule.engine.validation;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.InstructionReader.CatchClause;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TagType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Exceptions (spec 3.4.5) and the legacy instructions of the exception handling proposal. */
final class ExceptionRules {
  private static final RefType EXN = new RefType(false, AbsHeapType.EXN);

  private ExceptionRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    switch (in.opcode) {
      case THROW -> {
        typer.check(tag(typer, in.index).params());
        typer.cut();
      }
      case THROW_REF -> {
        typer.pop(RefType.EXNREF);
        typer.cut();
      }
      case TRY_TABLE -> {
        for (CatchClause clause : in.catches) {
          clause(typer, clause);
        }
        ControlRules.block(typer, in);
      }
      case TRY -> ControlRules.block(typer, in);
      case CATCH -> handler(typer, in, tag(typer, in.index).params());
      case CATCH_ALL -> handler(typer, in, List.of());
      case DELEGATE -> delegate(typer, in);
      case RETHROW -> {
        Opcode opcode = typer.target(in.index).opcode;
        if (opcode != Opcode.CATCH && opcode != Opcode.CATCH_ALL) {
          throw typer.invalid("invalid rethrow label " + in.index);
        }
        typer.cut();
      }
      default -> throw new AssertionError(in.opcode);
    }
  }

  private static void clause(OperandTyper typer, CatchClause clause) {
    List<ValType> caught = new ArrayList<>();
    if (clause.tag() != -1) {
      caught.addAll(tag(typer, clause.tag()).params());
    }
    if (clause.ref()) {
      caught.add(EXN);
    }
    List<ValType> label = typer.label(clause.label());
    if (!Subtyping.matches(caught, label)) {
      throw typer.invalid("type mismatch: label requires " + label + " but handler has " + caught);
    }
  }

  private static void handler(OperandTyper typer, InstructionReader in, List<ValType> caught) {
    Opcode before = typer.innermost().opcode;
    if (before != Opcode.TRY && before != Opcode.CATCH) {
      throw typer.malformed("misplaced " + in.opcode);
    }
    ControlFrame closed = typer.close();
    typer.open(in.opcode, caught, closed.results, in.start);
  }

  private static void delegate(OperandTyper typer, InstructionReader in) {
    if (typer.innermost().opcode != Opcode.TRY) {
      throw typer.malformed("misplaced delegate");
    }
    ControlFrame closed = typer.close();
    typer.target(in.index);
    typer.push(closed.results);
  }

  private static FuncType tag(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.module.tagCount()) >= 0) {
      throw typer.unknown("tag", index);
    }
    TagType tag = typer.module.tag(index);
    return typer.funcType(tag.type(), index);
  }
}
