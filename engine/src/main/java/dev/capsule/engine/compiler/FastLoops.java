package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Condition;
import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.runtime.FuelMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives innermost counted loops a second version without comparisons of fuel, which is entered
 * where there is fuel for as many rounds as the loop can make. HotSpot then sees one way out of the
 * loop and treats it like a counted loop of Java. Charges stay as they are, so the totals do.
 */
final class FastLoops {
  /** More steps than this are not written twice. */
  private static final int MOST_STEPS = 400;

  private final FunctionIr ir;

  /** Whether the whole function has fuel in a register; else each fast version takes it. */
  private final boolean throughout;

  private final List<List<Block>> predecessors = new ArrayList<>();

  /** How a loop counts: the counter, its step by round, and the test that keeps it going. */
  private record Counter(int variable, int step, Opcode test, Ins limit, boolean after) {}

  private FastLoops(FunctionIr ir) {
    this.ir = ir;
    this.throughout = Prologue.fuelInLocal(ir);
  }

  /** Adds the versions, after charges have been placed; tells whether there is any. */
  static boolean add(FunctionIr ir) {
    return ir.function.module.fuelMode == FuelMode.EXACT && new FastLoops(ir).run();
  }

  private boolean run() {
    for (int i = 0; i < ir.blocks.size(); i++) {
      predecessors.add(new ArrayList<>());
    }
    for (Block block : ir.blocks) {
      for (Block target : block.targets) {
        predecessors.get(target.id).add(block);
      }
    }
    List<Block> all = new ArrayList<>();
    boolean any = false;
    for (Block block : ir.blocks) {
      if (block.id > 0 && block.isHeader()) {
        List<Block> added = version(block);
        any |= !added.isEmpty();
        all.addAll(added);
      }
      all.add(block);
    }
    ir.blocks.clear();
    for (Block block : all) {
      block.id = ir.blocks.size();
      ir.blocks.add(block);
    }
    return any;
  }

  /** The blocks that come before the header: two that decide, and the fast version. */
  private List<Block> version(Block header) {
    Block latch = null;
    for (Block from : predecessors.get(header.id)) {
      if (from.id >= header.id) {
        if (latch != null && latch != from) {
          return List.of();
        }
        latch = from;
      }
    }
    if (latch == null || latch.exit == Exit.TABLE) {
      return List.of();
    }
    Set<Block> loop = blocks(header, latch);
    Counter counter = loop == null ? null : counter(header, latch, loop);
    long cost = loop == null ? 0 : cost(loop);
    if (counter == null || cost > LoopFuel.MOST_COST) {
      return List.of();
    }
    Block asks = new Block();
    Block extending = new Block();
    Map<Block, Block> copies = copies(header, loop);
    List<Block> copied =
        loop.stream().sorted(Comparator.comparingInt(block -> block.id)).map(copies::get).toList();
    List<Block> moves = new ArrayList<>();
    Set<Block> inside = new HashSet<>(copied);
    Map<Block, Block> exits = new HashMap<>();
    for (Block copy : copied) {
      copy.fuelInLocal = !throughout;
      for (int i = 0; i < copy.targets.length; i++) {
        Block target = copy.targets[i];
        if (!inside.contains(target)) {
          copy.targets[i] =
              exits.computeIfAbsent(target, key -> moveFuel(Kind.LEAVE_LOOP, key, moves));
        }
      }
    }
    Block fast = copies.get(header);
    if (!throughout) {
      fast = moveFuel(Kind.TAKE_FUEL, fast, moves);
    }
    for (Block block : List.of(asks, extending)) {
      block.loopDepth = header.loopDepth - 1;
      block.pendingIn = header.pendingIn;
      block.condition = Condition.TRUE;
    }
    asks.code.add(need(Kind.COVERED, counter, cost, header));
    asks.conditionOp = Opcode.I64_LE_S;
    asks.exit(Exit.BRANCH, fast, extending);
    extending.code.add(need(Kind.EXTEND, counter, cost, header));
    extending.exit(Exit.BRANCH, fast, header);
    for (Block from : predecessors.get(header.id)) {
      if (!loop.contains(from)) {
        for (int i = 0; i < from.targets.length; i++) {
          if (from.targets[i] == header) {
            from.targets[i] = asks;
          }
        }
      }
    }
    List<Block> added = new ArrayList<>(List.of(asks, extending));
    added.addAll(copied);
    added.addAll(moves);
    return added;
  }

  private Block moveFuel(Kind kind, Block target, List<Block> to) {
    Block moves = new Block();
    moves.fuelInLocal = !throughout;
    moves.loopDepth = target.loopDepth;
    moves.pendingIn = target.pendingIn;
    moves.code.add(new Ins(kind, null));
    moves.exit(Exit.GOTO, target);
    to.add(moves);
    return moves;
  }

  /** The blocks of the loop; null where it is not simple enough. */
  private Set<Block> blocks(Block header, Block latch) {
    Set<Block> loop = new HashSet<>(Set.of(header));
    ArrayDeque<Block> work = new ArrayDeque<>();
    if (loop.add(latch)) {
      work.add(latch);
    }
    while (!work.isEmpty()) {
      for (Block from : predecessors.get(work.removeLast().id)) {
        // An inner loop, or too many blocks: the walk must not be long for each of many loops.
        if (from.id < header.id || from != header && from.isHeader() || loop.size() > MOST_STEPS) {
          return null;
        }
        if (loop.add(from)) {
          work.add(from);
        }
      }
    }
    int steps = 0;
    for (Block block : loop) {
      steps += block.code.size();
      if (block != header && block.isHeader()
          || block.handler != null
          || block.landing
          || block.code.stream().anyMatch(Ins::isCall)) {
        return null;
      }
    }
    return steps > MOST_STEPS ? null : loop;
  }

  /** No block runs twice in a round. */
  private static long cost(Set<Block> loop) {
    long cost = 0;
    for (Block block : loop) {
      cost += block.exitCost;
      for (Ins ins : block.code) {
        cost += ins.cost;
      }
    }
    return cost;
  }

  private static Map<Block, Block> copies(Block header, Set<Block> loop) {
    Map<Block, Block> copies = new HashMap<>();
    for (Block block : loop) {
      copies.put(block, new Block());
    }
    copies.forEach(
        (block, copy) -> {
          copy.code.addAll(block == header ? block.code.subList(1, block.code.size()) : block.code);
          copy.condition = block.condition;
          copy.conditionOp = block.conditionOp;
          copy.exitCost = block.exitCost;
          copy.loopDepth = block.loopDepth;
          copy.edgeCharge = block.edgeCharge;
          copy.pendingIn = block.pendingIn;
          Block[] targets = block.targets.clone();
          for (int i = 0; i < targets.length; i++) {
            targets[i] = copies.getOrDefault(targets[i], targets[i]);
          }
          copy.exit(block.exit, targets);
        });
    return copies;
  }

  private static Ins need(Kind kind, Counter counter, long cost, Block header) {
    Ins ins = new Ins(kind, counter.test);
    ins.a = counter.variable;
    ins.b = counter.step;
    ins.x = cost;
    ins.y = header.pendingIn;
    ins.o = counter.limit == null ? 0 : counter.limit;
    ins.writeThrough = counter.after;
    return ins;
  }

  // Counters.

  private static Counter counter(Block header, Block latch, Set<Block> loop) {
    Counter found = counter(latch, header, latch, loop);
    return found != null || header == latch ? found : counter(header, header, latch, loop);
  }

  /** What the test at the end of a block, which runs in every round, says about the rounds. */
  private static Counter counter(Block test, Block header, Block latch, Set<Block> loop) {
    if (test.exit != Exit.BRANCH
        || test.condition != Condition.TRUE && test.condition != Condition.FALSE
        || loop.contains(test.targets[0]) == loop.contains(test.targets[1])) {
      return null;
    }
    boolean holds = loop.contains(test.targets[0]) == (test.condition == Condition.TRUE);
    List<Ins> code = test.code;
    Ins right = last(code, 0);
    Ins left = test.conditionOp == null ? right : last(code, 1);
    Opcode op = test.conditionOp == null ? Opcode.I32_NE : test.conditionOp;
    if (!holds) {
      op = opposite(op);
    }
    Ins limit = test.conditionOp == null ? null : right;
    if (left == null || op == null) {
      return null;
    }
    for (int turn = 0; turn < 2; turn++) {
      if (left.kind == Kind.GET && (limit == null || isConstant(limit, loop))) {
        for (Block block : header == latch ? List.of(header) : List.of(header, latch)) {
          Integer step = step(block, left.a, loop);
          if (step != null && fits(op, step)) {
            boolean after = block == test || block == header;
            return new Counter(left.a, step, op, limit, after);
          }
        }
      }
      if (limit == null) {
        return null;
      }
      limit = left;
      left = right;
      op = op.mirrored().orElse(op);
    }
    return null;
  }

  private static Ins last(List<Ins> code, int from) {
    int at = code.size() - 1 - from;
    return at < 0 ? null : code.get(at);
  }

  private static boolean isConstant(Ins value, Set<Block> loop) {
    return value.opcode == Opcode.I32_CONST || value.kind == Kind.GET && writes(value.a, loop) == 0;
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

  /** What a block adds to a variable that nothing else in the loop writes; null if it does not. */
  private static Integer step(Block block, int variable, Set<Block> loop) {
    if (writes(variable, loop) != 1) {
      return null;
    }
    List<Ins> code = block.code;
    for (int i = 3; i < code.size(); i++) {
      Ins set = code.get(i);
      if (set.kind == Kind.SET && set.a == variable) {
        Opcode op = code.get(i - 1).opcode;
        Ins second = code.get(i - 2);
        Ins first = code.get(i - 3);
        boolean sum = op == Opcode.I32_ADD;
        if (sum && first.opcode == Opcode.I32_CONST) {
          Ins swap = first;
          first = second;
          second = swap;
        }
        if ((sum || op == Opcode.I32_SUB)
            && first.kind == Kind.GET
            && first.a == variable
            && second.opcode == Opcode.I32_CONST) {
          long step = sum ? (int) second.x : -(long) (int) second.x;
          return Math.abs(step) <= Short.MAX_VALUE ? (Integer) (int) step : null;
        }
      }
    }
    return null;
  }

  private static boolean fits(Opcode op, int step) {
    return switch (op) {
      case I32_LT_S, I32_LT_U, I32_LE_S, I32_LE_U -> step > 0;
      case I32_GT_S, I32_GT_U, I32_GE_S, I32_GE_U -> step < 0;
      case I32_NE -> Integer.bitCount(Math.abs(step)) == 1;
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
      default -> null;
    };
  }
}
