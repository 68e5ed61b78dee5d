package dev.capsule.engine.validation;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.ValType;

/** Locals and globals (spec 3.4.6, 3.4.7). */
final class VariableRules {
  private VariableRules() {}

  static void apply(OperandTyper typer, InstructionReader in) {
    int index = in.index;
    switch (in.opcode) {
      case LOCAL_GET -> {
        ValType type = local(typer, index);
        if (!typer.locals.isSet(index, type)) {
          throw typer.invalid("uninitialized local " + Integer.toUnsignedString(index));
        }
        typer.push(type);
      }
      case LOCAL_SET -> {
        ValType type = local(typer, index);
        typer.pop(type);
        typer.locals.set(index, type);
      }
      case LOCAL_TEE -> {
        ValType type = local(typer, index);
        typer.pop(type);
        typer.locals.set(index, type);
        typer.push(type);
      }
      case GLOBAL_GET -> typer.push(global(typer, index).value());
      case GLOBAL_SET -> {
        GlobalType type = global(typer, index);
        if (!type.mutable()) {
          throw typer.invalid("immutable global " + index);
        }
        typer.pop(type.value());
      }
      default -> throw new AssertionError(in.opcode);
    }
  }

  private static ValType local(OperandTyper typer, int index) {
    ValType type = typer.locals.type(index);
    if (type == null) {
      throw typer.unknown("local", index);
    }
    return type;
  }

  private static GlobalType global(OperandTyper typer, int index) {
    if (Integer.compareUnsigned(index, typer.globals) >= 0) {
      throw typer.unknown("global", index);
    }
    return typer.module.global(index);
  }
}
