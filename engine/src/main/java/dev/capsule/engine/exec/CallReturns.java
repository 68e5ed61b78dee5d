package dev.capsule.engine.exec;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds the calls behind which a function compares fuel: those from which too much can be consumed
 * up to the next comparison, or to the function's end, on some path. Only the headers of loops lead
 * back, and they compare, so one pass from the end to the beginning knows what is behind each
 * instruction. Its stack is its own: guests nest blocks as deeply as they like.
 */
final class CallReturns {
  private static final int[] NONE = {};

  /** All calls and tail calls have codes from this to the next. */
  private static final int FIRST_CALL = 0x10;

  private static final int LAST_CALL = 0x15;

  private final FunctionCode function;
  private final Module module;
  private final boolean large;
  private final InstructionReader reader;

  /** Where calls and control instructions are, in order; of the end of a loop the complement. */
  private int[] places = new int[64];

  /** What is consumed between each of them and the one before. */
  private int[] between = new int[64];

  private int count;

  /** By open block: what is behind a branch to it, and at the beginning of its other part. */
  private long[] labels = new long[16];

  private long[] others = new long[16];

  private int open;

  /** The calls that are found, the last one first. */
  private int[] found = NONE;

  private int calls;

  private CallReturns(FunctionCode function) {
    this.function = function;
    this.module = function.module.module;
    this.large = function.comparesAtCalls();
    this.reader = new InstructionReader(module, module.body(function.index).code());
  }

  /**
   * The calls in ascending order of their places.
   *
   * @see InstructionReader#start
   */
  static int[] compared(FunctionCode function) {
    Module module = function.module.module;
    if (takesLittle(module.body(function.index).code())) {
      return NONE;
    }
    CallReturns returns = new CallReturns(function);
    if (returns.scan() <= FuelPoints.MOST_BEHIND) {
      return NONE;
    }
    returns.findAll();
    int[] compared = Arrays.copyOf(returns.found, returns.calls);
    Arrays.sort(compared);
    return compared;
  }

  /**
   * Whether all code together cannot take too much, however often a byte is a call that could be
   * one: so most functions need not be read.
   */
  private static boolean takesLittle(CodeSlice code) {
    long most = code.length();
    for (int i = code.start(); i < code.end() && most <= FuelPoints.MOST_BEHIND; i++) {
      if (code.bytes()[i] >= FIRST_CALL && code.bytes()[i] <= LAST_CALL) {
        most += FuelPoints.SHORT;
      }
    }
    return most <= FuelPoints.MOST_BEHIND;
  }

  /** Lists the instructions that matter; gives the most that all together can take. */
  private long scan() {
    BitSet loops = new BitSet();
    int depth = 0;
    long total = 0;
    int plain = 0;
    while (!reader.atEnd()) {
      reader.next();
      Opcode opcode = reader.opcode;
      int place = reader.start;
      switch (opcode) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> loops.set(++depth, opcode == Opcode.LOOP);
        case END -> place = loops.get(depth--) ? ~place : place;
        case DELEGATE -> depth--;
        case CALL, CALL_INDIRECT, CALL_REF, RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF ->
            total += callee();
        case ELSE,
            CATCH,
            CATCH_ALL,
            BR,
            BR_IF,
            BR_TABLE,
            BR_ON_NULL,
            BR_ON_NON_NULL,
            BR_ON_CAST,
            BR_ON_CAST_FAIL,
            RETURN,
            UNREACHABLE,
            THROW,
            THROW_REF,
            RETHROW -> {}
        default -> {
          plain += opcode.cost();
          continue;
        }
      }
      if (count == places.length) {
        places = Arrays.copyOf(places, 2 * count);
        between = Arrays.copyOf(between, 2 * count);
      }
      places[count] = place;
      between[count++] = plain;
      total += opcode.cost() + plain;
      plain = 0;
    }
    return total;
  }

  private void findAll() {
    long behind = 0;
    for (int i = count - 1; i >= 0; i--) {
      boolean endOfLoop = places[i] < 0;
      reader.seek(endOfLoop ? ~places[i] : places[i]);
      reader.next();
      behind = between[i] + from(reader.opcode, behind, endOfLoop);
    }
  }

  /** What can be consumed from an instruction on, itself included. */
  private long from(Opcode opcode, long behind, boolean endOfLoop) {
    return switch (opcode) {
      case END, DELEGATE -> {
        open(endOfLoop ? 0 : behind, behind);
        yield behind;
      }
      case ELSE -> {
        others[open - 1] = behind;
        yield labels[open - 1];
      }
      // Whoever catches compares, so what is behind a catch does not matter.
      case CATCH, CATCH_ALL -> labels[open - 1];
      case IF -> opcode.cost() + Math.max(behind, others[--open]);
      case BLOCK, TRY, TRY_TABLE -> {
        open--;
        yield behind;
      }
      case LOOP -> {
        open--;
        yield 0;
      }
      case BR -> opcode.cost() + label(reader.index);
      case BR_TABLE -> {
        long most = 0;
        for (int label : reader.labels) {
          most = Math.max(most, label(label));
        }
        yield opcode.cost() + most;
      }
      case BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL ->
          opcode.cost() + Math.max(behind, label(reader.index));
      case CALL, CALL_INDIRECT, CALL_REF -> opcode.cost() + call(behind);
      case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> opcode.cost() + callee();
      default -> opcode.cost();
    };
  }

  /** What can be consumed once a call has been counted. */
  private long call(long behind) {
    long rest = behind;
    if (rest > FuelPoints.MOST_BEHIND && !(isOwn() && isShort())) {
      if (calls == found.length) {
        found = Arrays.copyOf(found, Math.max(16, 2 * calls));
      }
      found[calls++] = reader.start;
      rest = 0;
    }
    return isSureToCompare() ? 0 : callee() + rest;
  }

  /** What the callee at hand can consume before it compares, as far as that is known. */
  private long callee() {
    if (isSureToCompare()) {
      return 0;
    }
    return isOwn() ? own().shortBytes() : FuelPoints.SHORT;
  }

  /** Whether the call at hand compares; where other functions may be called they may not. */
  private boolean isSureToCompare() {
    return large || isOwn() && !isShort();
  }

  private boolean isShort() {
    return !own().comparesAtEntry();
  }

  private FunctionCode own() {
    return function.module.functions[reader.index];
  }

  private boolean isOwn() {
    return (reader.opcode == Opcode.CALL || reader.opcode == Opcode.RETURN_CALL)
        && reader.index >= module.importedFuncs();
  }

  private long label(int index) {
    return labels[open - 1 - index];
  }

  private void open(long label, long other) {
    if (open == labels.length) {
      labels = Arrays.copyOf(labels, 2 * open);
      others = Arrays.copyOf(others, 2 * open);
    }
    labels[open] = label;
    others[open++] = other;
  }
}
