package dev.capsule.engine.interpreter;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.validation.OperandTyper;

/**
 * How high a function's operand stack becomes. What counts is every instruction that validation
 * takes for reachable, whether it can be reached or not, except within unreachable blocks.
 */
final class OperandHeight {
  private OperandHeight() {}

  /** The most slots that operands take, v128 two. */
  static int slots(Module module, int function) {
    OperandTyper typer = OperandTyper.forFunction(module, function);
    InstructionReader reader = new InstructionReader(module, module.body(function).code());
    int most = 0;
    // The number of open blocks around one that cannot be reached; 0 outside.
    int around = 0;
    while (!reader.atEnd()) {
      reader.next();
      int open = typer.depth();
      boolean unreachable = typer.unreachable();
      typer.apply(reader);
      if (around == 0 && unreachable && typer.depth() > open) {
        around = open;
      } else if (typer.depth() <= around) {
        around = 0;
      }
      if (around == 0 && !typer.finished() && !typer.unreachable()) {
        most = Math.max(most, typer.slots());
      }
    }
    return most;
  }
}
