package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Exceptions: {@code try_table} with every kind of clause, and the legacy instructions. */
final class ExceptionGenerator {
  private final FunctionGenerator g;
  private final Choices choices;

  ExceptionGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  private record Clause(int tag, boolean ref, List<ValType> types) {
    int code() {
      return (tag < 0 ? 2 : 0) | (ref ? 1 : 0);
    }
  }

  private Clause clause() {
    int tag = g.env.tags.isEmpty() || choices.chance(25) ? -1 : choices.below(g.env.tags.size());
    boolean ref = choices.chance(50);
    List<ValType> types = new ArrayList<>();
    if (tag >= 0) {
      types.addAll(g.env.tags.get(tag).asFunc().params());
    }
    if (ref) {
      types.add(new RefType(choices.chance(50), AbsHeapType.EXN));
    }
    return new Clause(tag, ref, types);
  }

  /** A {@code try_table} whose clauses lead to blocks around it; these make the results anew. */
  void table(List<ValType> results) {
    List<Clause> clauses = new ArrayList<>();
    for (int i = choices.below(4); i > 0; i--) {
      clauses.add(clause());
    }
    Frame out = g.open(Opcode.BLOCK, List.of(), results);
    List<Frame> handlers = new ArrayList<>();
    for (Clause clause : clauses.reversed()) {
      handlers.add(g.open(Opcode.BLOCK, List.of(), clause.types));
    }
    int plain = plainLabel();
    g.emit(Opcode.TRY_TABLE);
    g.blockType(List.of(), results);
    g.code.u32(clauses.size() + (plain >= 0 ? 1 : 0));
    for (int i = 0; i < clauses.size(); i++) {
      Clause clause = clauses.get(i);
      g.code.u8(clause.code());
      if (clause.tag >= 0) {
        g.code.u32(clause.tag);
      }
      g.code.u32(i);
    }
    if (plain >= 0) {
      g.code.u8(2).u32(plain);
    }
    g.push(Opcode.TRY_TABLE, List.of(), results);
    body(results);
    g.close();
    for (Clause clause : clauses) {
      g.emit(Opcode.BR, g.label(out));
      g.cut();
      g.close();
      g.consume(clause.types);
      g.statements.some(1);
      g.values(results);
    }
    g.close();
  }

  /** A label that takes nothing, to which {@code catch_all} may lead; -1 for none. */
  private int plainLabel() {
    int label = choices.below(g.labels());
    return choices.chance(20) && g.frame(label).label.isEmpty() ? label : -1;
  }

  private void body(List<ValType> results) {
    g.statements.some(3);
    if (choices.chance(40)) {
      maybe(this::raise);
    }
    g.values(results);
  }

  /** Something that leaves, under a condition. */
  private void maybe(Runnable leave) {
    g.value(NumType.I32);
    g.height = Math.max(g.top().height, g.height - 1);
    g.open(Opcode.IF, List.of(), List.of());
    leave.run();
    g.cut();
    g.close();
  }

  /** {@code try} with {@code catch} and {@code catch_all}, or with {@code delegate}. */
  void legacy(List<ValType> results) {
    g.open(Opcode.TRY, List.of(), results);
    body(results);
    if (choices.chance(25)) {
      Frame frame = g.pop();
      g.code.op(Opcode.DELEGATE, choices.below(g.labels()));
      g.height = frame.height + results.size();
      return;
    }
    for (int i = choices.below(3); i > 0 && !g.env.tags.isEmpty(); i--) {
      int tag = choices.below(g.env.tags.size());
      g.code.op(Opcode.CATCH, tag);
      handler(Opcode.CATCH, g.env.tags.get(tag).asFunc().params(), results);
    }
    if (choices.chance(50)) {
      g.code.op(Opcode.CATCH_ALL);
      handler(Opcode.CATCH_ALL, List.of(), results);
    }
    g.close();
  }

  private void handler(Opcode op, List<ValType> caught, List<ValType> results) {
    Frame before = g.pop();
    g.height = before.height;
    g.push(op, List.of(), results);
    g.height += caught.size();
    g.consume(caught);
    g.statements.some(1);
    if (choices.chance(25)) {
      maybe(this::rethrow);
    }
    g.values(results);
  }

  private void rethrow() {
    for (int i = choices.below(2); i < g.labels(); i++) {
      Opcode op = g.frame(i).opcode;
      if (op == Opcode.CATCH || op == Opcode.CATCH_ALL) {
        g.emit(Opcode.RETHROW, i);
        return;
      }
    }
    g.emit(Opcode.UNREACHABLE);
  }

  /** Throws. */
  void raise() {
    if (g.env.tags.isEmpty() || choices.chance(15)) {
      g.value(new RefType(true, AbsHeapType.EXN));
      g.emit(Opcode.THROW_REF);
      return;
    }
    int tag = choices.below(g.env.tags.size());
    g.values(g.env.tags.get(tag).asFunc().params());
    g.emit(Opcode.THROW, tag);
  }
}
