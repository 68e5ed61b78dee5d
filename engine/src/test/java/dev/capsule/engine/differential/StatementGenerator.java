package dev.capsule.engine.differential;

import dev.capsule.engine.module.Immediate;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Code that leaves the operand stack as it was. */
final class StatementGenerator {
  private final FunctionGenerator g;
  private final Choices choices;

  StatementGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  void some(int most) {
    for (int i = choices.below(most + 1); i > 0; i--) {
      one();
    }
  }

  void one() {
    if (g.spent()) {
      return;
    }
    int before = g.height;
    boolean references = g.env.uses(Family.REFERENCE) || g.env.uses(Family.AGGREGATE);
    switch (choices.weighted(
        25,
        6,
        15,
        g.env.uses(Family.CALL) ? 8 : 0,
        12,
        g.env.uses(Family.BRANCH) ? 8 : 0,
        6,
        references ? 8 : 0,
        g.env.uses(Family.TABLE) || g.env.uses(Family.BULK) ? 4 : 0,
        4,
        1)) {
      case 0 -> set();
      case 1 -> global();
      case 2 -> effect();
      case 3 -> g.calls.statement();
      case 4 -> block();
      case 5 -> g.control.branch();
      case 6 -> maybeLeave();
      case 7 -> g.references.write();
      case 8 -> g.accesses.bulk();
      case 9 -> {
        g.value(g.control.some());
        g.emit(Opcode.DROP);
      }
      default -> {
        if (choices.chance(50)) {
          g.control.leave();
          return;
        }
        g.emit(Opcode.NOP);
      }
    }
    g.height = before;
  }

  private void set() {
    int count = g.locals.size();
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int local = (start + i) % count;
      if (!g.reserved.get(local)) {
        g.value(g.locals.get(local));
        g.set(local);
        return;
      }
    }
  }

  private void global() {
    int count = g.env.globals.size();
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int at = (start + i) % count;
      if (g.env.globals.get(at).mutable()) {
        g.value(g.env.globals.get(at).value());
        g.emit(Opcode.GLOBAL_SET, at);
        return;
      }
    }
    set();
  }

  /** A store, or another instruction without results. */
  private void effect() {
    Opcode op = choices.pick(NumberGenerator.EFFECTS);
    if (choices.chance(40)) {
      op = choices.pick(List.of(Opcode.I32_STORE, Opcode.I32_STORE8, Opcode.I64_STORE));
    }
    if (op == Opcode.NOP || !g.env.uses(Family.of(op))) {
      set();
    } else if (op.immediate() == Immediate.DATA) {
      drop(op, g.env.dataSizes.size());
    } else if (op.immediate() == Immediate.ELEM) {
      drop(op, g.env.elems.size());
    } else if (op == Opcode.ATOMIC_FENCE) {
      g.emit(op, 0);
    } else if (g.env.memories.isEmpty()) {
      set();
    } else {
      g.accesses.access(op);
    }
  }

  /** Dropping segments is rare, because little can be done with them afterwards. */
  private void drop(Opcode op, int count) {
    if (count > 0 && choices.chance(20)) {
      g.emit(op, choices.below(count));
    }
  }

  private void block() {
    List<ValType> results = new ArrayList<>();
    if (choices.chance(40)) {
      for (int i = 1 + choices.below(3); i > 0; i--) {
        results.add(g.control.some());
      }
    }
    g.control.block(results);
    g.consume(results);
  }

  /** Leaves some block under a condition. */
  private void maybeLeave() {
    g.value(NumType.I32);
    g.height = Math.max(g.top().height, g.height - 1);
    g.open(Opcode.IF, List.of(), List.of());
    g.control.leave();
    if (choices.chance(20)) {
      one();
    }
    g.close();
  }
}
