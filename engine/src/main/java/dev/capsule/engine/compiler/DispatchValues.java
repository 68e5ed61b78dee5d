package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Block.Exit;
import dev.capsule.engine.compiler.Ins.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes constants and copies past dispatches. Compilers move what all handlers of an interpreter
 * begin with into its dispatch; since a split function keeps variables in its frame there, each
 * dispatch would write them, and hardly a handler reads them. So handlers use the constant, or the
 * variable that was copied, and the variable itself is written where another value may come
 * together with it.
 */
final class DispatchValues {
  private static final int MAX_FACTS = Long.SIZE;

  /** A hostile function must not grow by more writes than this where facts end. */
  private static final int MAX_WRITES = 10_000;

  private final FunctionIr ir;
  private final List<Block> blocks;

  /** What dispatches leave: facts are known by their positions, as bits of a long. */
  private final List<Fact> facts = new ArrayList<>();

  /** By variable: the facts that tell its value, and all that end where it is written. */
  private final long[] about;

  private final long[] concerning;

  private int writesLeft = MAX_WRITES;

  /** By block: the facts that hold at its start and at its end. */
  private final long[] before;

  private final long[] after;

  /** That a variable has the value which a step pushes: a constant, or another variable's. */
  private record Fact(int variable, Ins value) {
    boolean concerns(int written) {
      return variable == written || value.kind == Kind.GET && value.a == written;
    }

    boolean isSame(int other, Ins pushed) {
      return variable == other
          && value.kind == pushed.kind
          && value.opcode == pushed.opcode
          && (value.kind == Kind.GET ? value.a == pushed.a : value.x == pushed.x);
    }
  }

  private DispatchValues(FunctionIr ir) {
    this.ir = ir;
    this.blocks = ir.blocks;
    this.about = new long[ir.variables()];
    this.concerning = new long[ir.variables()];
    this.before = new long[blocks.size()];
    this.after = new long[blocks.size()];
  }

  /** Rewrites a function's blocks; leaves those of functions that catch exceptions as they are. */
  static void apply(FunctionIr ir) {
    if (ir.hasHandlers) {
      return;
    }
    DispatchValues values = new DispatchValues(ir);
    values.find();
    if (!values.facts.isEmpty()) {
      values.solve();
      values.use();
      values.write();
      values.drop();
    }
  }

  /** Finds what holds at the ends of dispatching blocks. */
  private void find() {
    for (Block block : blocks) {
      if (RegionFlow.dispatches(block)) {
        List<Fact> atEnd = new ArrayList<>();
        walk(
            block,
            (step, value) -> {
              int variable = Liveness.writes(step);
              atEnd.removeIf(fact -> fact.concerns(variable));
              if (value != null) {
                atEnd.add(new Fact(variable, value));
              }
            });
        for (Fact fact : atEnd) {
          if (find(fact.variable, fact.value) == 0) {
            if (facts.size() == MAX_FACTS) {
              return;
            }
            add(fact);
          }
        }
      }
    }
  }

  private void add(Fact fact) {
    long bit = 1L << facts.size();
    facts.add(fact);
    about[fact.variable] |= bit;
    concerning[fact.variable] |= bit;
    if (fact.value.kind == Kind.GET) {
      concerning[fact.value.a] |= bit;
    }
  }

  /** The bit of a fact; 0 if it is none. */
  private long find(int variable, Ins value) {
    for (long rest = about[variable]; rest != 0; rest &= rest - 1) {
      if (first(rest).isSame(variable, value)) {
        return Long.lowestOneBit(rest);
      }
    }
    return 0;
  }

  private Fact first(long bits) {
    return facts.get(Long.numberOfTrailingZeros(bits));
  }

  /** What is told of each write. */
  private interface Writes {
    /**
     * A step writes a variable.
     *
     * @param value pushes it again: a constant, or a variable that has not been written since; null
     *     if there is no such step
     */
    void write(Ins step, Ins value);
  }

  /** Goes through a block with what is known of the JVM's operand stack. */
  private static void walk(Block block, Writes writes) {
    // Unknown values are null: those that a step of unknown effect leaves, and so all below them.
    Deque<Ins[]> stack = new ArrayDeque<>();
    for (Ins ins : block.code) {
      switch (ins.kind) {
        case GET -> stack.push(new Ins[] {ins});
        case POP -> stack.poll();
        case SET -> {
          Ins[] top = stack.poll();
          Ins value = top == null ? null : top[0];
          for (Ins[] each : stack) {
            if (each[0] != null && each[0].kind == Kind.GET && each[0].a == ins.a) {
              each[0] = null;
            }
          }
          boolean itself = value != null && value.kind == Kind.GET && value.a == ins.a;
          writes.write(ins, itself ? null : value);
        }
        case CHARGE, CHECK_FUEL, CHECK_DUE, COMPARE -> {}
        case OP -> {
          if (isConstant(ins)) {
            stack.push(new Ins[] {ins});
          } else if (ins.operands == null && ins.opcode.signature() != null) {
            String signature = ins.opcode.signature();
            int pops = signature.indexOf(':');
            for (int i = 0; i < pops; i++) {
              stack.poll();
            }
            for (int i = pops + 1; i < signature.length(); i++) {
              stack.push(new Ins[] {null});
            }
          } else {
            stack.clear();
          }
        }
        default -> {
          stack.clear();
          if (Liveness.writes(ins) >= 0) {
            writes.write(ins, null);
          }
        }
      }
    }
  }

  private static boolean isConstant(Ins ins) {
    return switch (ins.opcode) {
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> true;
      default -> false;
    };
  }

  /** Finds which facts hold where, whichever way control has come. */
  private void solve() {
    long[] keeps = new long[blocks.size()];
    long[] makes = new long[blocks.size()];
    Arrays.fill(keeps, -1);
    for (Block block : blocks) {
      int id = block.id;
      walk(
          block,
          (step, value) -> {
            int variable = Liveness.writes(step);
            keeps[id] &= ~concerning[variable];
            makes[id] &= ~concerning[variable];
            if (value != null) {
              makes[id] |= find(variable, value);
            }
          });
    }
    Arrays.fill(before, 1, before.length, -1);
    long resumable = resumable();
    for (Block header : LoopEntries.of(ir)) {
      before[header.id] &= resumable;
    }
    Worklist work = new Worklist(blocks.size());
    for (int id = work.next(); id >= 0; id = work.next()) {
      after[id] = before[id] & keeps[id] | makes[id];
      for (Block target : blocks.get(id).targets) {
        long start = before[target.id] & after[id];
        if (start != before[target.id]) {
          before[target.id] = start;
          work.add(target.id);
        }
      }
    }
  }

  /**
   * The facts that hold where the interpreter hands over a loop as well: it brings the locals, and
   * not what variables for operands had before.
   */
  private long resumable() {
    int locals = 0;
    for (int local = 0; local < ir.localVariable.length; local++) {
      locals = ir.localVariable[local] + ir.width(ir.localType(local));
    }
    long resumable = 0;
    for (int i = 0; i < facts.size(); i++) {
      Ins value = facts.get(i).value;
      if (value.kind != Kind.GET || value.a < locals) {
        resumable |= 1L << i;
      }
    }
    return resumable;
  }

  /** Blocks by number that have to be looked at, all of them at first. */
  private static final class Worklist {
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private final BitSet isWaiting = new BitSet();

    Worklist(int blocks) {
      for (int id = 0; id < blocks; id++) {
        add(id);
      }
    }

    void add(int id) {
      if (!isWaiting.get(id)) {
        isWaiting.set(id);
        waiting.add(id);
      }
    }

    /** The next block; -1 if there is none. */
    int next() {
      Integer id = waiting.poll();
      if (id == null) {
        return -1;
      }
      isWaiting.clear(id);
      return id;
    }
  }

  /** Has code use values instead of variables that are known to have them. */
  private void use() {
    for (Block block : blocks) {
      long known = before[block.id];
      for (int i = 0; i < block.code.size(); i++) {
        Ins ins = block.code.get(i);
        if (ins.kind == Kind.GET) {
          long values = known & about[ins.a];
          if (values != 0) {
            block.code.set(i, copy(first(values).value));
          }
        } else if (Liveness.writes(ins) >= 0) {
          known &= ~concerning[Liveness.writes(ins)];
        }
      }
    }
  }

  private static Ins copy(Ins value) {
    Ins copy = new Ins(value.kind, value.opcode);
    copy.a = value.a;
    copy.x = value.x;
    return copy;
  }

  /**
   * Writes variables where what is known of them ends and they may still be read, so that nothing
   * reads what a dispatch has written. Where such a write is left out, the dispatch keeps its own.
   */
  private void write() {
    long[] wanted = wanted();
    Map<Block, List<Block>> edges = new HashMap<>();
    for (Block block : blocks) {
      if (RegionFlow.dispatches(block)) {
        writeOnEdges(block, wanted, edges);
        continue;
      }
      long ended = 0;
      for (Block target : block.targets) {
        ended |= wanted[target.id] & ~before[target.id];
      }
      write(ended & after[block.id], block);
    }
    List<Block> all = new ArrayList<>(blocks.size());
    for (Block block : blocks) {
      all.addAll(edges.getOrDefault(block, List.of()));
      all.add(block);
    }
    BlockOrder.arrange(ir, all);
  }

  /** Gives edges on which something has to be written blocks of their own, before their targets. */
  private void writeOnEdges(Block block, long[] wanted, Map<Block, List<Block>> edges) {
    Map<Block, Block> replaced = new HashMap<>();
    Block[] targets = block.targets.clone();
    for (int i = 0; i < targets.length; i++) {
      Block target = targets[i];
      long ended = wanted[target.id] & ~before[target.id] & after[block.id];
      if (ended != 0 && writesLeft > 0) {
        targets[i] =
            replaced.computeIfAbsent(
                target,
                key -> {
                  Block edge = new Block();
                  edge.loopDepth = target.loopDepth;
                  edge.exit(Exit.GOTO, target);
                  write(ended, edge);
                  edges.computeIfAbsent(target, each -> new ArrayList<>()).add(edge);
                  return edge;
                });
      }
    }
    block.targets = targets;
  }

  private void write(long known, Block block) {
    for (long rest = known; rest != 0 && writesLeft > 0; rest &= rest - 1) {
      Fact fact = first(rest);
      block.code.add(copy(fact.value));
      block.code.add(Ins.set(fact.variable));
      writesLeft--;
    }
  }

  /** Takes writes out of dispatches that nothing reads any more. */
  private void drop() {
    long[] wanted = wanted();
    for (Block block : blocks) {
      if (RegionFlow.dispatches(block)) {
        long later = 0;
        for (Block target : block.targets) {
          later |= wanted[target.id];
        }
        Set<Ins> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Ins, Ins> values = new IdentityHashMap<>();
        walk(block, (step, value) -> values.put(step, value));
        for (int i = block.code.size() - 1; i >= 0; i--) {
          Ins step = block.code.get(i);
          int written = Liveness.writes(step);
          if (written >= 0) {
            if (about[written] != 0 && (later & about[written]) == 0 && values.get(step) != null) {
              dropped.add(step);
              dropped.add(values.get(step));
            }
            later &= ~about[written];
          }
          for (int read : Liveness.reads(step)) {
            later |= about[read];
          }
        }
        block.code.removeIf(dropped::contains);
      }
    }
  }

  /** By block: the facts whose variables may be read from its start on before they are written. */
  private long[] wanted() {
    long[] wanted = new long[blocks.size()];
    long[] defined = new long[blocks.size()];
    int[][] predecessors = predecessors();
    for (Block block : blocks) {
      for (Ins ins : block.code) {
        for (int read : Liveness.reads(ins)) {
          wanted[block.id] |= about[read] & ~defined[block.id];
        }
        if (Liveness.writes(ins) >= 0) {
          defined[block.id] |= about[Liveness.writes(ins)];
        }
      }
    }
    Worklist work = new Worklist(blocks.size());
    for (int id = work.next(); id >= 0; id = work.next()) {
      for (int before : predecessors[id]) {
        long all = wanted[before] | wanted[id] & ~defined[before];
        if (all != wanted[before]) {
          wanted[before] = all;
          work.add(before);
        }
      }
    }
    return wanted;
  }

  /** By block: those that go there. */
  private int[][] predecessors() {
    int[] counts = new int[blocks.size()];
    for (Block block : blocks) {
      for (Block target : block.targets) {
        counts[target.id]++;
      }
    }
    int[][] predecessors = new int[blocks.size()][];
    Arrays.setAll(predecessors, id -> new int[counts[id]]);
    for (Block block : blocks) {
      for (Block target : block.targets) {
        predecessors[target.id][--counts[target.id]] = block.id;
      }
    }
    return predecessors;
  }
}
