package dev.capsule.engine.exec;

import dev.capsule.engine.module.FunctionBody;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;

/**
 * Where a function compares fuel, apart from the headers of its loops and wherever it catches an
 * exception: at its entry, unless it is short, at its calls, if it is large, and behind calls that
 * much may follow. All tiers ask here, so that all stop at the same instruction.
 *
 * <p>A short function cannot run for long: it has no loops, nothing that takes more time than its
 * one unit of fuel pays for, and no calls but direct ones of functions that are short themselves;
 * with all of these, as often as they are called, it has few bytes. Whoever calls it compares fuel
 * before it can call it any number of times: at its own entry, at the headers of its loops, and,
 * where it is so large that its calls in a row would take long, at each call.
 *
 * <p>What comes behind a call is executed once for each of the frames of a deep recursion, on the
 * way back. So a function compares behind each call, other than of a short function, from which
 * more than {@link #MOST_BEHIND} units can be consumed before it arrives at the header of a loop,
 * at a call that is sure to compare, or at its end; see {@link CallReturns}. A call of an import,
 * or through a table or a reference, may find a host's function, which compares nothing, or a short
 * one. The way back by exceptions is as long, and each catch compares, which is little beside what
 * exceptions take.
 */
public final class FuelPoints {
  /**
   * The most bytes of instructions that a short function has, those of the functions it calls
   * included, once for each call; so it takes less than as many units.
   */
  static final int SHORT = 256;

  /** How many short functions may be active at once. */
  static final int NESTED = 4;

  /** The most locals of a short function, parameters not counted: they are zeroed at its entry. */
  static final int FEW_LOCALS = 64;

  /** The longest function that compares no fuel at its calls, in bytes of instructions. */
  static final int LARGE = 128 << 10;

  /** The most units that are consumed behind a call without a comparison, up to the return. */
  static final int MOST_BEHIND = 4096;

  private FuelPoints() {}

  /**
   * The bytes of a short function and of what it calls, which takes no more units than that;
   * negative where a function is not short, and so compares fuel at its entry.
   */
  static int shortBytes(Module module, int function) {
    return bytes(module, function, SHORT, NESTED);
  }

  /**
   * The same of a function that is called.
   *
   * @param most bytes that are left for it
   * @param nested how many functions may be active from here on
   */
  private static int bytes(Module module, int function, int most, int nested) {
    FunctionBody body = module.body(function);
    int bytes = body.code().length();
    if (nested == 0 || bytes > most || body.localCount() > FEW_LOCALS) {
      return -1;
    }
    InstructionReader reader = new InstructionReader(module, body.code());
    while (!reader.atEnd()) {
      reader.next();
      if (reader.opcode == Opcode.CALL && reader.index >= module.importedFuncs()) {
        int called = bytes(module, reader.index, most - bytes, nested - 1);
        if (called < 0) {
          return -1;
        }
        bytes += called;
      } else if (!isShort(reader.opcode)) {
        return -1;
      }
    }
    return bytes;
  }

  /** Whether a function compares fuel before each of its calls, after that has been counted. */
  static boolean atCalls(Module module, int function) {
    return module.body(function).code().length() > LARGE;
  }

  /**
   * Whether so little code comes after a call, at its place in the function's bytes, that it cannot
   * take too long: a call of a short function, of two bytes, takes most.
   */
  static boolean isNearEnd(Module module, int function, int call) {
    long bytes = module.body(function).code().end() - call;
    return bytes * (SHORT + 1) / 2 <= MOST_BEHIND;
  }

  /** Whether an instruction neither runs other code, nor repeats, allocates, moves or waits. */
  private static boolean isShort(Opcode opcode) {
    return switch (opcode) {
      case LOOP, TRY, TRY_TABLE, STRUCT_NEW, STRUCT_NEW_DEFAULT -> false;
      default -> !isExactBefore(opcode);
    };
  }

  /**
   * Whether fuel has to be exact before an instruction, unless it is a direct call of a short
   * function: it runs other code, charges for what it moves or allocates, waits, or throws what may
   * be caught.
   */
  public static boolean isExactBefore(Opcode opcode) {
    return switch (opcode) {
      case CALL,
          CALL_INDIRECT,
          CALL_REF,
          RETURN_CALL,
          RETURN_CALL_INDIRECT,
          RETURN_CALL_REF,
          THROW,
          THROW_REF,
          RETHROW,
          MEMORY_GROW,
          MEMORY_FILL,
          MEMORY_COPY,
          MEMORY_INIT,
          TABLE_GROW,
          TABLE_FILL,
          TABLE_COPY,
          TABLE_INIT,
          ARRAY_FILL,
          ARRAY_COPY,
          ARRAY_INIT_DATA,
          ARRAY_INIT_ELEM,
          ARRAY_NEW,
          ARRAY_NEW_DEFAULT,
          ARRAY_NEW_DATA,
          ARRAY_NEW_ELEM,
          ARRAY_NEW_FIXED,
          MEMORY_ATOMIC_WAIT32,
          MEMORY_ATOMIC_WAIT64,
          MEMORY_ATOMIC_NOTIFY ->
          true;
      default -> false;
    };
  }
}
