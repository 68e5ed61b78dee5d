package dev.capsule.engine.compiler;

import dev.capsule.engine.compiler.Ins.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Variables that the fast versions of loops have for themselves. HotSpot keeps a variable that
 * lives across a call, such as the question for fuel, on the stack where registers are scarce, and
 * reads it there in a loop without calls, too. So the fast version takes over what it uses in
 * variables that live nowhere else, and HotSpot must not know that they have the same values.
 * Versions do not nest, so all of a function share theirs.
 */
final class LoopVariables {
  private final FunctionIr ir;

  /** By kind: all there are. */
  private final Map<Character, List<Integer>> pool = new HashMap<>();

  /** By the variable of one loop: the one that its fast version has instead. */
  private final Map<Integer, Integer> own = new TreeMap<>();

  private final Set<Integer> written = new HashSet<>();

  LoopVariables(FunctionIr ir) {
    this.ir = ir;
  }

  /** Begins with another loop: finds the integers that are to have variables of their own. */
  void begin(Set<Block> loop) {
    own.clear();
    written.clear();
    for (Block block : loop) {
      for (Ins ins : block.code) {
        boolean moves = ins.kind == Kind.GET || ins.kind == Kind.SET;
        if (moves && (ir.kind(ins.a) == 'I' || ir.kind(ins.a) == 'J')) {
          own.put(ins.a, -1);
        }
        if (ins.kind == Kind.SET) {
          written.add(ins.a);
        }
      }
    }
    for (Block block : loop) {
      for (Ins ins : block.code) {
        if (ins.operands != null) {
          // The second halves of vectors, too.
          for (int operand : Liveness.reads(ins)) {
            own.remove(operand);
          }
        }
      }
    }
    Map<Character, Integer> taken = new HashMap<>();
    own.replaceAll(
        (variable, none) -> {
          char kind = ir.kind(variable);
          List<Integer> all = pool.computeIfAbsent(kind, key -> new ArrayList<>());
          int number = taken.merge(kind, 1, Integer::sum);
          if (number > all.size()) {
            all.add(ir.variable(kind));
          }
          return all.get(number - 1);
        });
  }

  /** The steps of the fast version. */
  List<Ins> renamed(List<Ins> code) {
    List<Ins> renamed = new ArrayList<>();
    for (Ins ins : code) {
      boolean moves = ins.kind == Kind.GET || ins.kind == Kind.SET;
      if (moves && own.containsKey(ins.a)) {
        Ins other = Ins.of(ins.kind, own.get(ins.a), ins.b);
        other.cost = ins.cost;
        other.offset = ins.offset;
        renamed.add(other);
      } else {
        renamed.add(ins);
      }
    }
    return renamed;
  }

  /** Has a block that leads into the fast version take values over. */
  void enter(Block entry) {
    own.forEach(
        (variable, mine) -> {
          entry.code.add(Ins.get(variable));
          entry.code.add(Ins.of(Kind.RENEW, ir.kind(variable), 0));
          entry.code.add(Ins.set(mine));
        });
  }

  /** Has a block that leads out of it hand back what it has changed. */
  void leave(Block exit) {
    own.forEach(
        (variable, mine) -> {
          if (written.contains(variable)) {
            exit.code.add(Ins.get(mine));
            exit.code.add(Ins.set(variable));
          }
        });
  }
}
