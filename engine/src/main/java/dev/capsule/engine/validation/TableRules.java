package dev.capsule.engine.validation;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.TableType;
import dev.capsule.engine.types.ValType;

/** Table instructions (spec 3.4.8). */
final class TableRules {
  private TableRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    switch (in.opcode) {
      case TABLE_GET -> {
        TableType table = table(typer, in.index);
        typer.pop(table.address().valType());
        typer.push(table.element());
      }
      case TABLE_SET -> {
        TableType table = table(typer, in.index);
        typer.pop(new ValType[] {table.address().valType(), table.element()});
      }
      case TABLE_SIZE -> typer.push(table(typer, in.index).address().valType());
      case TABLE_GROW -> {
        TableType table = table(typer, in.index);
        NumType address = table.address().valType();
        typer.pop(new ValType[] {table.element(), address});
        typer.push(address);
      }
      case TABLE_FILL -> {
        TableType table = table(typer, in.index);
        NumType address = table.address().valType();
        typer.pop(new ValType[] {address, table.element(), address});
      }
      case TABLE_COPY -> {
        TableType target = table(typer, in.index);
        TableType source = table(typer, in.index2);
        requireMatch(typer, source.element(), target.element());
        typer.pop(MemoryRules.copy(target.address(), source.address()));
      }
      case TABLE_INIT -> {
        TableType table = table(typer, in.index2);
        requireMatch(typer, elem(typer, in.index), table.element());
        typer.pop(new ValType[] {table.address().valType(), NumType.I32, NumType.I32});
      }
      case ELEM_DROP -> elem(typer, in.index);
      default -> throw new AssertionError(in.opcode);
    }
  }

  private static void requireMatch(OperandTyper typer, RefType source, RefType target) {
    if (!Subtyping.matches(source, target)) {
      throw typer.invalid(
          "type mismatch: source element type "
              + source
              + " does not match destination element type "
              + target);
    }
  }

  static TableType table(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.module.tableCount()) >= 0) {
      throw typer.unknown("table", index);
    }
    return typer.module.table(index);
  }

  /** The type of an element segment. */
  static RefType elem(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.module.elems().size()) >= 0) {
      throw typer.unknown("elem segment", index);
    }
    return typer.module.elems().get(index).type();
  }
}
