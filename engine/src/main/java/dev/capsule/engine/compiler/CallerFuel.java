package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.validation.OperandTyper;

/**
 * The fuel that callers charge for a compiled function, together with their own: so a call's first
 * and last steps cost no charge of their own. It belongs to the way in which the function's method
 * is called; whoever calls that charges it, and other code of the function charges the rest. It
 * follows from the module alone, so callers agree on it before the function is compiled.
 *
 * @param before units charged before the call, which the function then begins with
 * @param after units that the function has consumed but not charged when it returns a result
 */
record CallerFuel(long before, long after) {
  static final CallerFuel NONE = new CallerFuel(0, 0);

  /** The longest function of which callers pay a part, in bytes of instructions. */
  private static final int MOST_BYTES = 400;

  private static final int MOST_LOCALS = 64;

  /** The most operands at once. */
  private static final int MOST_OPERANDS = 64;

  /**
   * By how many bytes a function has to be shorter than another for the other's part to take its
   * own into account: so nobody's depends on itself, and few on each other in a row.
   */
  private static final int SHORTER = 16;

  /** What callers charge for a function. */
  static CallerFuel of(FunctionCode function) {
    return of(function, null);
  }

  /** The same where the function's blocks are at hand, without charges. */
  static CallerFuel of(FunctionIr ir) {
    return of(ir.function, ir);
  }

  /** What a step charges for the function that it calls; nothing where it does not name one. */
  static CallerFuel ofCall(FunctionIr ir, Ins ins) {
    FunctionCode callee = callee(ir, ins);
    return callee == null ? NONE : of(callee);
  }

  /** The same as far as the calling function's own part may depend on it. */
  static CallerFuel ofShorterCall(FunctionIr ir, Ins ins) {
    FunctionCode callee = callee(ir, ins);
    return callee == null || length(callee) > length(ir.function) - SHORTER ? NONE : of(callee);
  }

  /**
   * Whether a step calls a function of the module that compares no fuel, nor does anything in it:
   * then what the caller has not charged yet may stay so.
   */
  static boolean callsShort(FunctionIr ir, Ins ins) {
    FunctionCode callee = callee(ir, ins);
    return callee != null && isOpen(ir.function, callee);
  }

  /** The same of the instruction at an offset in the module's file. */
  static boolean callsShort(FunctionCode caller, int offset) {
    Module module = caller.module.module;
    InstructionReader reader = new InstructionReader(module, module.body(caller.index).code());
    while (!reader.atEnd()) {
      reader.next();
      if (reader.fileOffset() == offset) {
        return reader.opcode == Opcode.CALL
            && reader.index >= module.importedFuncs()
            && isOpen(caller, caller.module.functions[reader.index]);
      }
    }
    return false;
  }

  /**
   * Whether {@link #callsShort} may hold in a function at all. Not in functions in which not every
   * instruction has a line: a place there may be taken for that of such a call, and large ones
   * compare at calls.
   */
  static boolean mayCallShort(FunctionCode caller) {
    return caller.module.fuelMode == FuelMode.EXACT
        && LineNumbers.numbersEach(caller.module.module.body(caller.index));
  }

  private static boolean isOpen(FunctionCode caller, FunctionCode callee) {
    return mayCallShort(caller) && !callee.comparesAtEntry();
  }

  private static FunctionCode callee(FunctionIr ir, Ins ins) {
    boolean own =
        ins.kind == Ins.Kind.OP
            && ins.opcode == Opcode.CALL
            && ins.a >= ir.function.module.module.importedFuncs();
    return own ? ir.function.module.functions[ins.a] : null;
  }

  private static CallerFuel of(FunctionCode function, FunctionIr ir) {
    CallerFuel known = (CallerFuel) function.callerFuel;
    if (known == null) {
      // A race finds the same twice.
      known = isShort(function) ? ofShort(function, ir) : NONE;
      function.callerFuel = known;
    }
    return known;
  }

  private static CallerFuel ofShort(FunctionCode function, FunctionIr ir) {
    return FuelPlan.callerFuel(ir == null ? IrBuilder.build(function) : ir);
  }

  /** Whether a function's blocks take little time and memory: it need not be called itself. */
  private static boolean isShort(FunctionCode function) {
    FunctionBody body = function.module.module.body(function.index);
    return function.module.fuelMode == FuelMode.EXACT
        && body.code().length() <= MOST_BYTES
        && body.localCount() <= MOST_LOCALS
        && function.type.params().size() <= MOST_LOCALS
        && function.type.results().size() <= MOST_OPERANDS
        && hasFewOperands(function);
  }

  /** Few bytes can pass many values on, at each branch anew. */
  private static boolean hasFewOperands(FunctionCode function) {
    Module module = function.module.module;
    OperandTyper typer = OperandTyper.forFunction(module, function.index);
    InstructionReader reader = new InstructionReader(module, module.body(function.index).code());
    while (!reader.atEnd() && typer.maxHeight() <= MOST_OPERANDS) {
      reader.next();
      typer.apply(reader);
    }
    return typer.maxHeight() <= MOST_OPERANDS;
  }

  private static int length(FunctionCode function) {
    return function.module.module.body(function.index).code().length();
  }
}
