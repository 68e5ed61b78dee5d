package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;

/**
 * How often blocks and edges run, estimated from the shape of the code for one call of the
 * function: loops run {@link #ROUNDS} times, what calls or leaves the function is less likely than
 * what does not, values are rather not equal, nor zero, indices rather within their bounds, and a
 * trap hardly happens (the heuristics of Ball and Larus).
 */
final class Frequencies {
  private static final double ROUNDS = 8;
  private static final double MOST = Math.pow(ROUNDS, 8);
  private static final double NEVER = 0.001;
  private static final double CALLS = 0.4;
  private static final double RETURNS = 0.5;

  /** What comparisons had rather not find; from 0.6 to 0.75 makes no great difference. */
  private static final double UNEXPECTED = 0.65;

  private final double[] blocks;

  /** By block: its frequency by unit of likelihood of its edges. */
  private final double[] share;

  private Frequencies(int blocks) {
    this.blocks = new double[blocks];
    this.share = new double[blocks];
  }

  /** Forward edges lead to later blocks, so one pass will do. */
  static Frequencies of(FunctionIr ir) {
    Frequencies all = new Frequencies(ir.blocks.size());
    all.blocks[0] = 1;
    for (Block block : ir.blocks) {
      if (block.landing) {
        all.blocks[block.id] = NEVER;
      } else if (block.isHeader() && block.id > 0) {
        all.blocks[block.id] = Math.min(MOST, all.blocks[block.id] * ROUNDS);
      }
      double sum = 0;
      for (Block target : block.targets) {
        sum += likelihood(block, target);
      }
      all.share[block.id] = all.blocks[block.id] / sum;
      for (Block target : block.targets) {
        if (target.id > block.id) {
          all.blocks[target.id] += all.edge(block, target);
        }
      }
    }
    return all;
  }

  double block(Block block) {
    return blocks[block.id];
  }

  /** The frequency of an edge; branch tables may have several of the same ends. */
  double edge(Block from, Block to) {
    return share[from.id] * likelihood(from, to);
  }

  private static double likelihood(Block from, Block to) {
    double likelihood = Math.pow(ROUNDS, Math.min(0, to.loopDepth - from.loopDepth));
    if (to.exit == Exit.NEVER) {
      return likelihood * NEVER;
    }
    if (from.exit == Exit.BRANCH && isUnexpected(from, to)) {
      likelihood *= UNEXPECTED;
    }
    if (to.exit == Exit.RETURN) {
      likelihood *= RETURNS;
    }
    for (Ins ins : to.code) {
      if (ins.isCall()) {
        return likelihood * CALLS;
      }
    }
    return likelihood;
  }

  /** Whether what a branch tests is less likely to be such that control goes to one of its ends. */
  private static boolean isUnexpected(Block from, Block to) {
    if (from.targets[0] == from.targets[1]) {
      return false;
    }
    boolean taken = to == from.targets[0];
    if (from.conditionOp == null) {
      // Neither zero nor null.
      boolean ifSet = from.condition == Condition.TRUE || from.condition == Condition.NON_NULL;
      return taken != ifSet;
    }
    boolean holds = taken == (from.condition == Condition.TRUE);
    return switch (from.conditionOp) {
      case I32_EQZ, I64_EQZ, I32_EQ, I64_EQ, F32_EQ, F64_EQ -> holds;
      case I32_NE, I64_NE, F32_NE, F64_NE -> !holds;
      case I32_LT_U, I64_LT_U, I32_LE_U, I64_LE_U -> !holds;
      case I32_GT_U, I64_GT_U, I32_GE_U, I64_GE_U -> holds;
      default -> false;
    };
  }
}
