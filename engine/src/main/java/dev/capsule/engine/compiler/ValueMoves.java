package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Moves of more operands than one block should hold: arguments and results in their hundreds. All
 * are in variables before and after, so that the moves can be cut into blocks anywhere; each method
 * gives the block in which the code goes on.
 */
final class ValueMoves {
  /** Operands of which one instruction may have so many by itself. */
  static final int MANY = 60;

  private final FunctionIr ir;

  ValueMoves(FunctionIr ir) {
    this.ir = ir;
  }

  /** Whether these are too many for one block. */
  static boolean many(List<ValType> types) {
    return types.size() > MANY / 2 && kinds(types).length() > MANY;
  }

  /** A letter per JVM value. */
  static String kinds(List<ValType> types) {
    return SlotCode.kinds(types).replace("V", "JJ");
  }

  /** The variables, one per JVM value, of operands from a position of the operand stack on. */
  private int[] variables(int position, List<ValType> types) {
    List<Integer> variables = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      int first = ir.operand(position + i, types.get(i));
      ir.needsHalves |= types.get(i).slots() == 2;
      for (int half = 0; half < types.get(i).slots(); half++) {
        variables.add(first + half);
      }
    }
    return variables.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Goes on in a block of its own. */
  Block next(Block block) {
    Block next = new Block();
    next.loopDepth = block.loopDepth;
    next.handler = block.handler;
    block.exit(Exit.GOTO, next);
    ir.blocks.add(next);
    return next;
  }

  /** Copies operands to lower positions. */
  Block copy(Block block, int from, int to, List<ValType> types) {
    Block at = block;
    int[] sources = variables(from, types);
    int[] targets = variables(to, types);
    // From below: what is overwritten has been copied before.
    for (int i = 0; i < sources.length; i++) {
      if (i % MANY == 0) {
        at = next(at);
      }
      at.code.add(Ins.get(sources[i]));
      at.code.add(Ins.set(targets[i]));
    }
    return at;
  }

  /**
   * Copies operands to slots from the store's stack pointer on.
   *
   * @param skipped how many of the slots are left out
   */
  Block toSlots(Block block, int position, List<ValType> types, int skipped) {
    Block at = block;
    int[] variables = variables(position, types);
    String kinds = kinds(types);
    for (int slot = skipped; slot < variables.length; slot += MANY) {
      int end = Math.min(variables.length, slot + MANY);
      at = next(at);
      Ins move = Ins.of(Kind.TO_SLOTS, slot, variables.length);
      move.operands = Arrays.copyOfRange(variables, slot, end);
      move.vectors = new boolean[end - slot];
      move.o = kinds.substring(slot, end);
      at.code.add(move);
    }
    return next(at);
  }

  /**
   * Takes the results of a call out of slots.
   *
   * @param first whether the first one is on the JVM's stack instead
   */
  Block fromSlots(Block block, int position, List<ValType> types, boolean first) {
    Block at = block;
    int[] variables = variables(position, types);
    String kinds = kinds(types);
    int slot = 0;
    if (first) {
      at.code.add(Ins.set(variables[slot++]));
    }
    for (; slot < variables.length; slot++) {
      if (slot % MANY == 1) {
        at = next(at);
      }
      at.code.add(Ins.of(Kind.FROM_SLOT, slot, kinds.charAt(slot)));
      at.code.add(Ins.set(variables[slot]));
    }
    return next(at);
  }

  /** The end of a function with many results, which are in their variables. */
  void returns(Block block, List<ValType> types, boolean wide) {
    int kept = wide ? 0 : 1;
    Block at = toSlots(block, 0, types, kept);
    if (!wide) {
      at.code.add(Ins.get(variables(0, types)[0]));
    }
    at.exit(Exit.RETURN);
  }
}
