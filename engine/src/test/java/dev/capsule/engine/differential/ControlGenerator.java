package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;

/** Blocks, loops with a bounded counter, branches, and what ends a block early. */
final class ControlGenerator {
  private final FunctionGenerator g;
  private final Choices choices;

  ControlGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  /** A block that leaves one value. */
  void value(ValType type) {
    block(List.of(type));
  }

  /** Some block that leaves these values. */
  void block(List<ValType> results) {
    boolean blocks = g.env.uses(Family.BLOCK);
    switch (choices.weighted(
        blocks ? 4 : 1,
        blocks ? 5 : 0,
        g.env.uses(Family.LOOP) ? 3 : 0,
        g.env.uses(Family.EXCEPTION) ? 4 : 0,
        g.env.uses(Family.LEGACY) ? 4 : 0)) {
      case 0 -> plain(results);
      case 1 -> condition(results);
      case 2 -> {
        if (choices.chance(40)) {
          counted();
          g.values(results);
        } else {
          loop(results);
        }
      }
      case 3 -> g.exceptions.table(results);
      default -> g.exceptions.legacy(results);
    }
  }

  /** Types of values that a block takes from outside. */
  private List<ValType> params() {
    List<ValType> params = new ArrayList<>();
    if (choices.chance(25)) {
      for (int i = 1 + choices.below(3); i > 0; i--) {
        params.add(some());
      }
    }
    return params;
  }

  /** The type of some local, or a number. */
  ValType some() {
    if (!g.locals.isEmpty() && choices.chance(70)) {
      return choices.pick(g.locals);
    }
    return NumType.values()[choices.below(4)];
  }

  private void plain(List<ValType> results) {
    List<ValType> params = params();
    g.values(params);
    g.open(Opcode.BLOCK, params, results);
    g.consume(params);
    g.statements.some(4);
    g.values(results);
    g.close();
  }

  private void condition(List<ValType> results) {
    List<ValType> params = params();
    List<ValType> operands = new ArrayList<>(params);
    operands.add(NumType.I32);
    g.values(operands);
    g.height = Math.max(g.top().height, g.height - 1);
    boolean same = params.equals(results);
    g.open(Opcode.IF, params, results);
    Frame frame = g.top();
    g.consume(params);
    g.statements.some(3);
    g.values(results);
    if (same && choices.chance(50)) {
      g.close();
      return;
    }
    g.emit(Opcode.ELSE);
    g.height = frame.height + params.size();
    frame.unreachable = false;
    g.consume(params);
    g.statements.some(3);
    g.values(results);
    g.close();
  }

  /** A loop that goes round a few times by its own counter. */
  void loop(List<ValType> results) {
    List<ValType> params = params();
    int counter = g.reserved(NumType.I32);
    g.code.i32(1 + choices.below(choices.chance(5) ? 200 : 6));
    g.set(counter);
    g.values(params);
    Frame loop = g.open(Opcode.LOOP, params, results);
    g.consume(params);
    g.statements.some(4);
    g.values(params);
    g.get(counter);
    g.code.i32(1).op(Opcode.I32_SUB);
    g.emit(Opcode.LOCAL_TEE, counter);
    g.emit(Opcode.BR_IF, g.label(loop));
    g.consume(params);
    g.values(results);
    g.close();
  }

  private static final long[] EDGES = {
    0, 0, 1, -3, Integer.MAX_VALUE - 4L, Integer.MIN_VALUE + 4L, Long.MAX_VALUE - 4
  };

  private static final long[] STEPS = {1, 1, -1, 2, -2, 3, 8, 0, Integer.MIN_VALUE, 1 << 30};

  private static final List<Opcode> TESTS =
      List.of(
          Opcode.I32_NE,
          Opcode.I32_LT_S,
          Opcode.I32_LT_U,
          Opcode.I32_GT_S,
          Opcode.I32_GT_U,
          Opcode.I32_LE_S,
          Opcode.I32_LE_U,
          Opcode.I32_GE_S,
          Opcode.I32_GE_U);

  /**
   * A loop that counts by a constant or a variable to a limit, which it may miss: then it ends
   * after some rounds by a branch. The test is at its beginning or its end.
   */
  private void counted() {
    boolean wide = choices.chance(30);
    NumType type = wide ? NumType.I64 : NumType.I32;
    int counter = g.reserved(type);
    int limit = g.reserved(type);
    int step = g.reserved(type);
    int guard = g.reserved(NumType.I32);
    long first = EDGES[choices.below(EDGES.length)];
    long by = STEPS[choices.below(STEPS.length)];
    constant(wide, first);
    g.set(counter);
    constant(wide, first + by * choices.below(12) + choices.below(3) - 1);
    g.set(limit);
    constant(wide, by);
    g.set(step);
    g.code.i32(1 + choices.below(20));
    g.set(guard);
    int test = TESTS.get(choices.below(TESTS.size())).ordinal();
    Opcode stays =
        Opcode.values()[wide ? test - Opcode.I32_EQZ.ordinal() + Opcode.I64_EQZ.ordinal() : test];
    boolean before = choices.chance(50);
    Frame exit = g.open(Opcode.BLOCK, List.of(), List.of());
    Frame loop = g.open(Opcode.LOOP, List.of(), List.of());
    if (before) {
      compare(counter, limit, stays);
      g.emit(Opcode.I32_EQZ);
      g.emit(Opcode.BR_IF, g.label(exit));
    }
    g.statements.some(3);
    if (g.top().unreachable) {
      g.close();
      g.close();
      return;
    }
    g.get(guard);
    g.code.i32(1).op(Opcode.I32_SUB);
    g.emit(Opcode.LOCAL_TEE, guard);
    g.emit(Opcode.I32_EQZ);
    g.emit(Opcode.BR_IF, g.label(exit));
    g.get(counter);
    if (choices.chance(50)) {
      g.get(step);
    } else {
      constant(wide, by);
    }
    boolean falls = choices.chance(30);
    g.emit(
        wide ? falls ? Opcode.I64_SUB : Opcode.I64_ADD : falls ? Opcode.I32_SUB : Opcode.I32_ADD);
    g.set(counter);
    if (before) {
      g.emit(Opcode.BR, g.label(loop));
      g.cut();
    } else {
      compare(counter, limit, stays);
      g.emit(Opcode.BR_IF, g.label(loop));
    }
    g.close();
    g.close();
  }

  private void constant(boolean wide, long value) {
    if (wide) {
      g.code.i64(value);
    } else {
      g.code.i32((int) value);
    }
  }

  private void compare(int counter, int limit, Opcode test) {
    g.get(counter);
    g.get(limit);
    g.emit(test);
  }

  /** Many small loops, one after the other. */
  void loops(int count) {
    int counter = g.reserved(NumType.I32);
    for (int i = 0; i < count; i++) {
      g.code.i32(1 + choices.below(3));
      g.set(counter);
      Frame loop = g.open(Opcode.LOOP, List.of(), List.of());
      within(choices.below(8), g.statements::one);
      g.get(counter);
      g.code.i32(1).op(Opcode.I32_SUB);
      g.emit(Opcode.LOCAL_TEE, counter);
      g.emit(Opcode.BR_IF, g.label(loop));
      g.close();
    }
  }

  /** Writes something that may take so much of the budget. */
  private void within(int budget, Runnable code) {
    int left = g.budget;
    g.budget = budget;
    code.run();
    g.budget += left - budget;
  }

  /**
   * The loop of an interpreter: a program counter, a switch, and a handler for each case. Some
   * handlers end with a switch of their own, to where one can still go from there.
   */
  void machine(int handlers, int statements) {
    int counter = g.reserved(NumType.I32);
    int pc = g.local(NumType.I32);
    g.code.i32(3 + choices.below(40));
    g.set(counter);
    Frame exit = g.open(Opcode.BLOCK, List.of(), List.of());
    Frame loop = g.open(Opcode.LOOP, List.of(), List.of());
    g.get(counter);
    g.emit(Opcode.I32_EQZ);
    g.emit(Opcode.BR_IF, g.label(exit));
    g.get(counter);
    g.code.i32(1).op(Opcode.I32_SUB);
    g.set(counter);
    for (int i = 0; i < handlers; i++) {
      g.open(Opcode.BLOCK, List.of(), List.of());
    }
    dispatch(pc, handlers);
    boolean threaded = choices.chance(30);
    int each = g.budget / handlers;
    for (int i = 0; i < handlers; i++) {
      g.close();
      within(
          each,
          () -> {
            for (int j = choices.below(statements + 1); j >= 0; j--) {
              g.statements.one();
            }
            g.value(NumType.I32);
            g.set(pc);
          });
      if (threaded && choices.chance(70)) {
        dispatch(pc, g.label(exit) + 1);
      } else if (i < handlers - 1 || choices.chance(50)) {
        g.emit(Opcode.BR, choices.chance(90) ? g.label(loop) : g.label(exit));
        g.cut();
      }
    }
    g.close();
    g.close();
  }

  /** Goes to one of the innermost blocks, as the program counter says. */
  private void dispatch(int pc, int targets) {
    g.get(pc);
    g.code.i32(targets);
    g.emit(Opcode.I32_REM_U);
    g.emit(Opcode.BR_TABLE, targets - 1);
    for (int i = 0; i < targets; i++) {
      g.code.u32(i);
    }
    g.cut();
  }

  /** A branch that is taken or not. */
  void branch() {
    int label = choices.below(g.labels());
    List<ValType> types = g.frame(label).label;
    if (endsWithReference(types) && choices.chance(60)) {
      onReference(label, types);
      return;
    }
    List<ValType> operands = new ArrayList<>(types);
    boolean test = choices.chance(20) && g.env.uses(Family.REFERENCE);
    RefType tested = test ? g.references.any().withNullable(true) : null;
    operands.add(test ? tested : NumType.I32);
    g.values(operands);
    if (test) {
      g.emit(Opcode.BR_ON_NULL, label);
      g.consume(List.of(tested));
    } else {
      g.emit(Opcode.BR_IF, label);
      g.height = Math.max(g.top().height, g.height - 1);
    }
    g.consume(types);
  }

  private static boolean endsWithReference(List<ValType> types) {
    return !types.isEmpty() && types.get(types.size() - 1) instanceof RefType;
  }

  /** A branch that takes the reference that it tests along. */
  private void onReference(int label, List<ValType> types) {
    int last = types.size() - 1;
    RefType type = (RefType) types.get(last);
    List<ValType> operands = new ArrayList<>(types);
    operands.set(last, type.withNullable(true));
    g.values(operands);
    g.emit(Opcode.BR_ON_NON_NULL, label);
    g.height = Math.max(g.top().height, g.height - 1);
    g.consume(types.subList(0, last));
  }

  /** Something after which the rest of the block cannot be reached. */
  void leave() {
    int label = choices.below(g.labels());
    switch (choices.weighted(
        2, 6, 3, 3, g.env.uses(Family.TAIL) ? 6 : 0, g.env.uses(Family.EXCEPTION) ? 5 : 0)) {
      case 0 -> g.emit(Opcode.UNREACHABLE);
      case 1 -> {
        g.values(g.frame(label).label);
        g.emit(Opcode.BR, label);
      }
      case 2 -> {
        g.values(g.type.results());
        g.emit(Opcode.RETURN);
      }
      case 3 -> table(label);
      case 4 -> {
        if (!g.calls.tail()) {
          g.values(g.type.results());
          g.emit(Opcode.RETURN);
        }
      }
      default -> g.exceptions.raise();
    }
    g.cut();
  }

  private void table(int label) {
    List<ValType> types = g.frame(label).label;
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < g.labels(); i++) {
      if (g.frame(i).label.equals(types)) {
        fitting.add(i);
      }
    }
    List<ValType> operands = new ArrayList<>(types);
    operands.add(NumType.I32);
    g.values(operands);
    if (choices.chance(70)) {
      g.code.i32(7);
      g.emit(Opcode.I32_AND);
    }
    int count = choices.below(choices.chance(2) ? 300 : 7);
    g.emit(Opcode.BR_TABLE, count);
    for (int i = 0; i <= count; i++) {
      g.code.u32(choices.pick(fitting));
    }
  }
}
