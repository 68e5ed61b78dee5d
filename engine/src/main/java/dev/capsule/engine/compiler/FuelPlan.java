package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ListIterator;
import java.util.function.BiFunction;

/**
 * Places the charges of fuel. At calls, at returns and where exceptions are thrown it is known what
 * has been charged: everything, but for what callers charge of a function that they name. Direct
 * calls of functions that compare no fuel are none of these places: they are steps whose cost is
 * the callee's part that callers charge. In between, code may have consumed more or less than it
 * has charged. That difference at a block's start is the block's potential; an edge is charged by
 * how much the potentials at its ends and the cost in between differ. Potentials are chosen along a
 * maximum spanning tree of estimated frequencies, so that the tree's edges, the hot ones, charge
 * nothing (Knuth's placement of counters). What is pending at the function's entry and at its
 * returns is for callers to charge; see {@link CallerFuel}.
 */
final class FuelPlan {
  private final FunctionIr ir;
  private final Frequencies frequencies;
  private final BiFunction<FunctionIr, Ins, CallerFuel> callees;

  /** Where fuel is exact. */
  private final int ground;

  /** Where the function returns. */
  private final int returns;

  private final int[] parent;

  /** Potential relative to the parent's. */
  private final long[] offset;

  /** Whether instructions that trap cannot be told from each other by their lines. */
  private final boolean shared;

  private final boolean[] calls;
  private final long[] tail;

  private static final double TABLE_WEIGHT = 1000;

  /** A requirement: the potential of {@code to} is that of {@code from} plus {@code cost}. */
  private record Edge(int from, int to, long cost, double weight) {}

  private FuelPlan(FunctionIr ir, BiFunction<FunctionIr, Ins, CallerFuel> callees) {
    this.ir = ir;
    this.frequencies = Frequencies.of(ir);
    this.callees = callees;
    this.shared = FunctionCompiler.lines(ir.function).isShared();
    this.ground = ir.blocks.size();
    this.returns = ground + 1;
    this.parent = new int[ground + 2];
    this.offset = new long[ground + 2];
    this.calls = new boolean[ground];
    this.tail = new long[ground];
    Arrays.setAll(parent, i -> i);
  }

  /** Adds the charges to the blocks and their edges, or what stands for them in other modes. */
  static void apply(FunctionIr ir) {
    switch (ir.function.module.fuelMode) {
      case EXACT -> new FuelPlan(ir, CallerFuel::ofCall).run(CallerFuel.of(ir));
      case EPOCH -> check(ir, Kind.CHECK_DUE);
      case OFF -> check(ir, null);
    }
  }

  /**
   * Puts another kind of check at loop headers and the entry, or none, not even where exceptions
   * are caught; nothing is charged.
   */
  private static void check(FunctionIr ir, Kind kind) {
    for (Block block : ir.blocks) {
      ListIterator<Ins> steps = block.code.listIterator();
      while (steps.hasNext()) {
        Ins step = steps.next();
        if (step.kind == Kind.CHECK_FUEL || kind == null && step.kind == Kind.COMPARE) {
          steps.remove();
          if (kind != null) {
            steps.add(new Ins(kind, null));
          }
        }
      }
    }
  }

  /** What callers had best charge for a function: then the edges that follow are free. */
  static CallerFuel callerFuel(FunctionIr ir) {
    if (ir.hasTailCalls) {
      // Others may return in its place.
      return CallerFuel.NONE;
    }
    FuelPlan plan = new FuelPlan(ir, CallerFuel::ofShorterCall);
    plan.choose();
    int entry = ir.blocks.getFirst().id;
    for (int node : new int[] {plan.returns, entry}) {
      if (plan.find(node) != plan.find(plan.ground)) {
        plan.unite(plan.ground, node, 0);
      }
    }
    return new CallerFuel(-plan.potential(entry), plan.potential(plan.returns));
  }

  private void run(CallerFuel own) {
    unite(ground, ir.blocks.getFirst().id, -own.before());
    unite(ground, returns, own.after());
    choose();
    for (Block block : ir.blocks) {
      block.pendingIn = potential(block.id);
    }
    for (Block block : ir.blocks) {
      place(block, own);
    }
  }

  /** Makes the hottest edges free. */
  private void choose() {
    List<Edge> edges = new ArrayList<>();
    for (Block block : ir.blocks) {
      if (block.landing) {
        unite(ground, block.id, 0);
      }
    }
    for (Block block : ir.blocks) {
      collect(block, edges);
    }
    edges.sort(Comparator.comparingDouble(Edge::weight).reversed());
    for (Edge edge : edges) {
      unite(edge.from, edge.to, edge.cost);
    }
  }

  private void collect(Block block, List<Edge> edges) {
    double frequency = frequencies.block(block);
    long cost = 0;
    for (Ins ins : block.code) {
      cost += ins.cost;
      if (CallerFuel.callsShort(ir, ins)) {
        CallerFuel callee = callees.apply(ir, ins);
        cost += callee.before() + callee.after();
      } else if (isExactBefore(ins, shared)) {
        CallerFuel callee = callees.apply(ir, ins);
        if (!calls[block.id]) {
          edges.add(new Edge(block.id, ground, cost + callee.before(), frequency));
        }
        calls[block.id] = true;
        cost = callee.after();
      }
    }
    tail[block.id] = cost + block.exitCost;
    int from = calls[block.id] ? ground : block.id;
    if (block.exit == Exit.RETURN) {
      edges.add(new Edge(from, returns, tail[block.id], frequency));
    }
    for (Block target : block.targets) {
      double weight = frequencies.edge(block, target);
      if (block.exit == Exit.TABLE) {
        // Code on such an edge takes a block of its own.
        weight *= TABLE_WEIGHT;
      }
      edges.add(new Edge(from, target.id, tail[block.id], weight));
    }
  }

  private void place(Block block, CallerFuel own) {
    long pending = block.pendingIn;
    List<Ins> charged = new ArrayList<>(block.code.size());
    for (Ins ins : block.code) {
      pending += ins.cost;
      if (CallerFuel.callsShort(ir, ins)) {
        CallerFuel callee = callees.apply(ir, ins);
        pending += callee.before() + callee.after();
      } else if (isExactBefore(ins, shared)) {
        CallerFuel callee = callees.apply(ir, ins);
        charge(charged, pending + callee.before());
        pending = callee.after();
      } else if (ins.kind == Kind.CHECK_FUEL || ins.kind == Kind.COMPARE) {
        ins.x = pending;
      }
      charged.add(ins);
    }
    pending += block.exitCost;
    if (block.exit == Exit.RETURN) {
      charge(charged, pending - own.after());
    } else if (block.exit == Exit.GOTO) {
      charge(charged, pending - block.targets[0].pendingIn);
    } else if (block.exit != Exit.NEVER) {
      for (int i = 0; i < block.targets.length; i++) {
        long difference = pending - block.targets[i].pendingIn;
        if (difference != 0) {
          if (block.edgeCharge == null) {
            block.edgeCharge = new long[block.targets.length];
          }
          block.edgeCharge[i] = difference;
        }
      }
    }
    block.code.clear();
    block.code.addAll(charged);
  }

  /**
   * Whether everything has been charged before a step.
   *
   * @param shared whether steps that trap cannot be told from each other
   */
  static boolean isExactBefore(Ins ins, boolean shared) {
    return ins.isCall() || shared && ins.kind == Kind.OP && LineNumbers.canThrow(ins.opcode);
  }

  private static void charge(List<Ins> code, long units) {
    if (units != 0) {
      Ins charge = new Ins(Kind.CHARGE, null);
      charge.x = units;
      code.add(charge);
    }
  }

  // Union-find with offsets.

  private int find(int node) {
    int root = node;
    long sum = 0;
    while (parent[root] != root) {
      sum += offset[root];
      root = parent[root];
    }
    int at = node;
    while (parent[at] != root && at != root) {
      int next = parent[at];
      long rest = sum - offset[at];
      parent[at] = root;
      offset[at] = sum;
      sum = rest;
      at = next;
    }
    return root;
  }

  private long relative(int node) {
    find(node);
    return parent[node] == node ? 0 : offset[node];
  }

  private void unite(int from, int to, long cost) {
    int a = find(from);
    int b = find(to);
    if (a != b) {
      // potential(to) = potential(from) + cost
      parent[b] = a;
      offset[b] = relative(from) + cost - relativeTo(to, b);
    }
  }

  private long relativeTo(int node, int formerRoot) {
    return node == formerRoot ? 0 : offset[node];
  }

  private long potential(int node) {
    int root = find(node);
    long value = relative(node);
    return root == find(ground) ? value - relative(ground) : value;
  }
}
