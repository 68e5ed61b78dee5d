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
 * Gives innermost counted loops a second version that counts rounds from zero up by one and
 * compares neither fuel nor what the loop compares. It is entered for as many rounds as the test is
 * sure to hold and, where fuel is counted, there is fuel for. HotSpot treats it like a counted loop
 * of Java. The fuel that it takes is counted, too, and charged at each way out.
 */
final class FastLoops {
  /** More steps than this are not written twice. */
  private static final int MOST_STEPS = 400;

  /** The same where no comparison of fuel is saved: more gain nothing by being unrolled. */
  private static final int MOST_WITHOUT_FUEL = 32;

  /**
   * So many rounds at most are made without a place where the JVM can stop the thread, or an engine
   * that counts no fuel can poll: with some garbage collectors counted loops have none.
   */
  private static final int PIECE = 1 << 15;

  private final FunctionIr ir;
  private final FuelMode mode;

  private final List<List<Block>> predecessors = new ArrayList<>();

  /**
   * The rounds that the fast version makes and has made; loops that have one do not nest. HotSpot
   * does best with a counter that rises by one.
   */
  private int rounds = -1;

  private int made;

  private final LoopVariables variables;

  private FastLoops(FunctionIr ir) {
    this.ir = ir;
    this.variables = new LoopVariables(ir);
    this.mode = ir.function.module.fuelMode;
  }

  /** Adds the versions, after charges have been placed; tells whether there is any. */
  static boolean add(FunctionIr ir) {
    return new FastLoops(ir).run();
  }

  private boolean run() {
    for (int i = 0; i < ir.blocks.size(); i++) {
      predecessors.add(new ArrayList<>());
    }
    for (Block block : ir.blocks) {
      for (Block target : block.targets) {
        List<Block> before = predecessors.get(target.id);
        // A table of branches may name a target any number of times.
        if (before.isEmpty() || before.getLast() != block) {
          before.add(block);
        }
      }
    }
    List<Block> all = new ArrayList<>();
    boolean any = false;
    for (Block block : ir.blocks) {
      if (block.loop) {
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

  /** The blocks that come before the header: those that decide, and the fast version. */
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
    LoopCounter counter = loop == null ? null : LoopCounter.of(header, latch, loop);
    long cost = loop == null ? 0 : cost(loop);
    if (counter == null || cost > LoopFuel.MOST_COST) {
      return List.of();
    }
    if (rounds < 0) {
      rounds = ir.variable('I');
      made = ir.variable('I');
    }
    Block asks = before(header);
    boolean apart = !counter.steps();
    variables.begin(apart ? loop : Set.of());
    Map<Block, Block> copies = copies(header, loop);
    List<Block> fast =
        new ArrayList<>(
            loop.stream()
                .sorted(Comparator.comparingInt(block -> block.id))
                .map(copies::get)
                .toList());
    Block first = copies.get(header);
    int stays = loop.contains(counter.test().targets[0]) ? 0 : 1;
    // What is asked is long where the step varies, so it is asked again when a slice has ended
    // only; or, without fuel, a piece.
    Block after = apart && mode == FuelMode.EXACT ? header : asks;
    Block counts = count(counter, stays, copies.get(counter.test()), first, after);
    if (!counter.atEnd()) {
      replace(copies.get(latch).targets, first, counts);
    }
    fast.add(counts);
    Block entry = wayIn(fast, first, apart);
    List<Block> added = new ArrayList<>(List.of(asks));
    if (mode == FuelMode.EXACT) {
      if (apart) {
        header.code.getFirst().o = asks;
      }
      added.addAll(askForFuel(asks, entry, header, counter, cost));
    } else {
      ask(asks, entry, header, counter);
    }
    for (Block from : predecessors.get(header.id)) {
      if (!loop.contains(from)) {
        replace(from.targets, header, asks);
      }
    }
    // A loop that the interpreter hands over gets a fast version, too.
    asks.loopOffset = header.loopOffset;
    header.loopOffset = -1;
    added.addAll(fast);
    return added;
  }

  /**
   * Adds what comes between the fast version and the rest: there the fuel that it counts is
   * settled, and variables of its own get their values and hand them back.
   *
   * @return the block that leads there
   */
  private Block wayIn(List<Block> fast, Block first, boolean apart) {
    boolean counting = mode == FuelMode.EXACT;
    List<Block> moves = new ArrayList<>();
    Set<Block> inside = new HashSet<>(fast);
    Map<Block, Block> exits = new HashMap<>();
    for (Block copy : fast) {
      copy.counting = counting;
      copy.apart = apart;
      for (int i = 0; i < copy.targets.length; i++) {
        Block target = copy.targets[i];
        if (!inside.contains(target) && (counting || apart)) {
          copy.targets[i] =
              exits.computeIfAbsent(target, key -> moves(Kind.LEAVE_LOOP, key, moves));
        }
      }
    }
    exits.values().forEach(variables::leave);
    Block entry = moves(Kind.ENTER_LOOP, first, moves);
    if (counting) {
      entry.code.getFirst().a = apart ? 1 : 0;
    }
    entry.code.add(new Ins(Kind.OP, Opcode.I32_CONST));
    entry.code.add(Ins.set(made));
    variables.enter(entry);
    fast.addAll(moves);
    return entry;
  }

  /** Asks for rounds alone; an engine that polls does so between pieces. */
  private void ask(Block asks, Block entry, Block header, LoopCounter counter) {
    if (mode == FuelMode.EPOCH) {
      asks.code.add(new Ins(Kind.CHECK_DUE, null));
    }
    Ins most = new Ins(Kind.ROUNDS, null);
    most.o = counter;
    most.b = PIECE;
    asks.code.add(most);
    asks.code.add(Ins.set(rounds));
    asks.code.add(Ins.get(rounds));
    asks.exit(Exit.BRANCH, entry, header);
  }

  /** The blocks that ask for rounds and whether there is fuel for them, but for the first. */
  private List<Block> askForFuel(
      Block asks, Block entry, Block header, LoopCounter counter, long cost) {
    Block covered = before(header);
    Block extending = before(header);
    Block strip = before(header);
    asks.code.add(need(Kind.ROUNDS, counter, cost, header));
    asks.code.add(Ins.set(rounds));
    asks.code.add(Ins.get(rounds));
    asks.exit(Exit.BRANCH, covered, header);
    covered.code.add(need(Kind.COVERED, counter, cost, header));
    covered.conditionOp = Opcode.I64_LE_S;
    covered.exit(Exit.BRANCH, entry, extending);
    extending.code.add(need(Kind.EXTEND, counter, cost, header));
    extending.code.add(Ins.set(made));
    extending.code.add(Ins.get(made));
    extending.code.add(Ins.get(rounds));
    extending.conditionOp = Opcode.I32_EQ;
    extending.exit(Exit.BRANCH, entry, strip);
    // Only here, so that HotSpot knows the rounds of short loops where they are always the same.
    strip.code.add(Ins.get(made));
    strip.code.add(Ins.set(rounds));
    strip.code.add(Ins.get(rounds));
    strip.exit(Exit.BRANCH, entry, header);
    return List.of(covered, extending, strip);
  }

  private static void replace(Block[] targets, Block from, Block to) {
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] == from) {
        targets[i] = to;
      }
    }
  }

  private static Block before(Block header) {
    Block block = new Block();
    block.loopDepth = header.loopDepth - 1;
    block.pendingIn = header.pendingIn;
    block.condition = Condition.TRUE;
    return block;
  }

  private Ins need(Kind kind, LoopCounter counter, long cost, Block header) {
    Ins ins = new Ins(kind, null);
    ins.a = rounds;
    ins.x = cost;
    ins.y = header.pendingIn;
    ins.o = counter;
    ins.offset = header.code.getFirst().offset;
    return ins;
  }

  /**
   * Puts a count of rounds in the place of the fast version's test. After the last round the test
   * is made after all, where a round ends with it, or all is asked again.
   *
   * @param stays which way the test goes on in the loop
   * @return what comes after a round
   */
  private Block count(LoopCounter counter, int stays, Block test, Block first, Block after) {
    Block counts = new Block();
    counts.loopDepth = first.loopDepth;
    List<Ins> operands = test.code.subList(test.code.size() - counter.operands(), test.code.size());
    long charge = test.edgeCharge == null ? 0 : test.edgeCharge[stays];
    if (counter.atEnd()) {
      counts.code.addAll(operands);
      counts.condition = test.condition;
      counts.conditionOp = test.conditionOp;
      counts.edgeCharge = test.edgeCharge;
      counts.exit(Exit.BRANCH, test.targets.clone());
      counts.targets[stays] = after;
      operands.clear();
      countUp(test, first, counts);
      test.edgeCharge = charge == 0 ? null : new long[] {charge, 0};
      return counts;
    }
    operands.clear();
    if (charge != 0) {
      Ins ins = new Ins(Kind.CHARGE, null);
      ins.x = charge;
      test.code.add(ins);
    }
    test.edgeCharge = null;
    test.exit(Exit.GOTO, test.targets[stays]);
    countUp(counts, first, after);
    return counts;
  }

  /** Ends a block with the question whether there is another round. */
  private void countUp(Block block, Block on, Block end) {
    block.code.add(Ins.get(made));
    Ins one = new Ins(Kind.OP, Opcode.I32_CONST);
    one.x = 1;
    block.code.add(one);
    block.code.add(new Ins(Kind.OP, Opcode.I32_ADD));
    block.code.add(Ins.set(made));
    block.code.add(Ins.get(made));
    block.code.add(Ins.get(rounds));
    block.condition = Condition.TRUE;
    block.conditionOp = Opcode.I32_LT_S;
    block.exit(Exit.BRANCH, on, end);
  }

  /** A block that leads into the fast version or out of it. */
  private Block moves(Kind kind, Block target, List<Block> to) {
    Block moves = new Block();
    moves.loopDepth = target.loopDepth;
    moves.pendingIn = target.pendingIn;
    if (mode == FuelMode.EXACT) {
      moves.code.add(new Ins(kind, null));
    }
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
        if (from.id < header.id || from != header && from.loop || loop.size() > MOST_STEPS) {
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
      if (block != header && block.loop
          || block.handler != null
          || block.landing
          || block.code.stream().anyMatch(Ins::isCall)) {
        return null;
      }
    }
    return steps > (mode == FuelMode.EXACT ? MOST_STEPS : MOST_WITHOUT_FUEL) ? null : loop;
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

  private static List<Ins> withoutCheck(List<Ins> code) {
    boolean checks =
        !code.isEmpty()
            && (code.getFirst().kind == Kind.CHECK_FUEL || code.getFirst().kind == Kind.CHECK_DUE);
    return checks ? code.subList(1, code.size()) : code;
  }

  private Map<Block, Block> copies(Block header, Set<Block> loop) {
    Map<Block, Block> copies = new HashMap<>();
    for (Block block : loop) {
      copies.put(block, new Block());
    }
    copies.forEach(
        (block, copy) -> {
          copy.code.addAll(
              variables.renamed(block == header ? withoutCheck(block.code) : block.code));
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
}
