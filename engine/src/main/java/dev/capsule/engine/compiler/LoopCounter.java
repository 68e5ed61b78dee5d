package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.module.Opcode;
import java.util.List;
import java.util.Set;

/**
 * How a loop counts: by a variable that changes by the same amount in each round, and a test that
 * keeps the loop going.
 *
 * @param variable the counter
 * @param wide whether that is an i64
 * @param step what a round adds: reads another variable or is a constant
 * @param falls whether a round subtracts that instead
 * @param stays the comparison of the counter with the limit that holds while the loop goes on
 * @param limit reads another variable or is a constant
 * @param after whether the counter has changed when it is compared
 * @param test the block that ends with the comparison
 * @param atEnd whether that ends a round
 * @param operands how many steps at the end of that block are there for the comparison alone
 */
record LoopCounter(
    int variable,
    boolean wide,
    Ins step,
    boolean falls,
    Opcode stays,
    Ins limit,
    boolean after,
    Block test,
    boolean atEnd,
    int operands) {

  /** The variables by which rounds are computed. */
  int[] reads() {
    int[] reads = {variable, variable, variable};
    if (step.kind == Kind.GET) {
      reads[1] = step.a;
    }
    if (limit.kind == Kind.GET) {
      reads[2] = limit.a;
    }
    return reads;
  }

  private static final Ins ZERO = new Ins(Kind.OP, Opcode.I32_CONST);
  private static final Ins WIDE_ZERO = new Ins(Kind.OP, Opcode.I64_CONST);

  /** The counter of a loop whose header and only latch run in every round; null for none. */
  static LoopCounter of(Block header, Block latch, Set<Block> loop) {
    LoopCounter found = of(latch, header, latch, loop);
    return found != null || header == latch ? found : of(header, header, latch, loop);
  }

  private static LoopCounter of(Block test, Block header, Block latch, Set<Block> loop) {
    if (test.exit != Exit.BRANCH
        || test.condition != Condition.TRUE && test.condition != Condition.FALSE
        || loop.contains(test.targets[0]) == loop.contains(test.targets[1])) {
      return null;
    }
    boolean holds = loop.contains(test.targets[0]) == (test.condition == Condition.TRUE);
    boolean alone = test.conditionOp == null || test.conditionOp == Opcode.I64_EQZ;
    Opcode stays = alone ? withZero(test.conditionOp, holds) : test.conditionOp;
    if (!alone && !holds) {
      stays = opposite(stays);
    }
    List<Ins> code = test.code;
    int operands = alone ? 1 : 2;
    // Comparisons of integers have a mirrored form, those of other values are no tests of counters.
    if (stays == null || stays.mirrored().isEmpty() || code.size() < operands) {
      return null;
    }
    Ins left = code.get(code.size() - operands);
    Ins right = alone ? isWide(stays) ? WIDE_ZERO : ZERO : code.getLast();
    for (int turn = 0; turn < 2; turn++) {
      if (left.kind == Kind.GET && isFixed(right, loop)) {
        for (Block block : header == latch ? List.of(header) : List.of(header, latch)) {
          Ins[] change = change(block, left.a, isWide(stays), loop);
          if (change != null && fits(stays, change)) {
            return new LoopCounter(
                left.a,
                isWide(stays),
                change[0],
                change[1].opcode == Opcode.I32_SUB || change[1].opcode == Opcode.I64_SUB,
                stays,
                right,
                block == test || block == header,
                test,
                test == latch,
                operands);
          }
        }
      }
      Ins swap = left;
      left = right;
      right = swap;
      stays = stays.mirrored().orElseThrow();
    }
    return null;
  }

  /** Whether a round changes the counter by a constant. */
  boolean steps() {
    return isConstant(step);
  }

  /** What a value alone, or its comparison with zero, says where the loop goes on. */
  private static Opcode withZero(Opcode comparison, boolean holds) {
    if (comparison == null) {
      return holds ? Opcode.I32_NE : null;
    }
    return holds ? null : Opcode.I64_NE;
  }

  private static boolean isWide(Opcode comparison) {
    return comparison.ordinal() >= Opcode.I64_EQZ.ordinal();
  }

  private static boolean isConstant(Ins value) {
    return value.opcode == Opcode.I32_CONST || value.opcode == Opcode.I64_CONST;
  }

  private static boolean isFixed(Ins value, Set<Block> loop) {
    return isConstant(value) || value.kind == Kind.GET && writes(value.a, loop) == 0;
  }

  private static int writes(int variable, Set<Block> loop) {
    int writes = 0;
    for (Block block : loop) {
      for (Ins ins : block.code) {
        if (ins.kind == Kind.SET && ins.a == variable) {
          writes++;
        }
      }
    }
    return writes;
  }

  /**
   * What a block adds to a variable that nothing else in the loop writes, and the operation that
   * does; null if it does not.
   */
  private static Ins[] change(Block block, int variable, boolean wide, Set<Block> loop) {
    if (writes(variable, loop) != 1) {
      return null;
    }
    List<Ins> code = block.code;
    for (int i = 3; i < code.size(); i++) {
      Ins set = code.get(i);
      if (set.kind == Kind.SET && set.a == variable) {
        Ins op = code.get(i - 1);
        Ins second = code.get(i - 2);
        Ins first = code.get(i - 3);
        boolean sum = op.opcode == (wide ? Opcode.I64_ADD : Opcode.I32_ADD);
        boolean difference = op.opcode == (wide ? Opcode.I64_SUB : Opcode.I32_SUB);
        if (sum && second.kind == Kind.GET && second.a == variable) {
          second = first;
          first = code.get(i - 2);
        }
        boolean changes = sum || difference;
        return changes && first.kind == Kind.GET && first.a == variable && isFixed(second, loop)
            ? new Ins[] {second, op}
            : null;
      }
    }
    return null;
  }

  /** Whether a comparison may end what a step does; of variables that is not known here. */
  private static boolean fits(Opcode stays, Ins[] change) {
    long sign = isConstant(change[0]) ? Long.signum(change[0].x) : 0;
    if (change[0].opcode == Opcode.I32_CONST) {
      sign = Integer.signum((int) change[0].x);
    }
    if (change[1].opcode == Opcode.I32_SUB || change[1].opcode == Opcode.I64_SUB) {
      sign = -sign;
    }
    return switch (stays) {
      case I32_LT_S, I32_LT_U, I32_LE_S, I32_LE_U, I64_LT_S, I64_LT_U, I64_LE_S, I64_LE_U ->
          sign > 0 || !isConstant(change[0]);
      case I32_GT_S, I32_GT_U, I32_GE_S, I32_GE_U, I64_GT_S, I64_GT_U, I64_GE_S, I64_GE_U ->
          sign < 0 || !isConstant(change[0]);
      case I32_NE, I64_NE -> sign != 0 || !isConstant(change[0]);
      default -> false;
    };
  }

  private static Opcode opposite(Opcode op) {
    return switch (op) {
      case I32_EQ -> Opcode.I32_NE;
      case I32_LT_S -> Opcode.I32_GE_S;
      case I32_LT_U -> Opcode.I32_GE_U;
      case I32_GT_S -> Opcode.I32_LE_S;
      case I32_GT_U -> Opcode.I32_LE_U;
      case I32_LE_S -> Opcode.I32_GT_S;
      case I32_LE_U -> Opcode.I32_GT_U;
      case I32_GE_S -> Opcode.I32_LT_S;
      case I32_GE_U -> Opcode.I32_LT_U;
      case I64_EQ -> Opcode.I64_NE;
      case I64_LT_S -> Opcode.I64_GE_S;
      case I64_LT_U -> Opcode.I64_GE_U;
      case I64_GT_S -> Opcode.I64_LE_S;
      case I64_GT_U -> Opcode.I64_LE_U;
      case I64_LE_S -> Opcode.I64_GT_S;
      case I64_LE_U -> Opcode.I64_GT_U;
      case I64_GE_S -> Opcode.I64_LT_S;
      case I64_GE_U -> Opcode.I64_LT_U;
      default -> null;
    };
  }
}
