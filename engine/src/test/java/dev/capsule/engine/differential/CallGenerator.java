package dev.capsule.engine.differential;

import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.Subtyping;
import dev.capsule.engine.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Calls of all kinds: direct, through tables, through references, and in tail position. */
final class CallGenerator {
  private final FunctionGenerator g;
  private final Choices choices;

  CallGenerator(FunctionGenerator g) {
    this.g = g;
    this.choices = g.choices;
  }

  /** A call of which one result is of a type; a constant or variable where none is. */
  void value(ValType type) {
    if (g.env.uses(Family.CALL)) {
      int callee = callee(t -> kept(t, type) >= 0, 10);
      if (callee >= 0) {
        FuncType called = call(callee, false);
        int kept = kept(called, type);
        g.keep(called.results(), kept);
        return;
      }
    }
    g.simplest(type);
  }

  /** The last result that fits and can be kept, or -1. */
  private static int kept(FuncType called, ValType type) {
    for (int i = called.results().size() - 1; i >= 0; i--) {
      ValType result = called.results().get(i);
      if (Subtyping.matches(result, type) && (i == 0 || result.defaultable())) {
        return i;
      }
    }
    return -1;
  }

  /** A call whose results are not needed. */
  void statement() {
    int callee = callee(t -> true, 10);
    if (callee >= 0) {
      FuncType called = call(callee, false);
      g.height += called.results().size();
      g.consume(called.results());
    }
  }

  /** A call in place of a return; false where no function returns what this one has to. */
  boolean tail() {
    int callee = callee(t -> Subtyping.matches(t.results(), g.type.results()), 30);
    if (callee < 0) {
      return false;
    }
    call(callee, true);
    g.cut();
    return true;
  }

  /**
   * A function, mostly one that is imported or comes before this one, so that most programs end.
   */
  private int callee(Predicate<FuncType> wanted, int recursion) {
    int count = choices.chance(recursion) ? g.env.funcs.size() : g.index;
    int start = choices.below(count);
    for (int i = 0; i < count; i++) {
      int at = (start + i) % count;
      if (wanted.test(g.env.funcs.get(at).asFunc())) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Calls a function, or what else is found in its place.
   *
   * @return the type by which it was called
   */
  private FuncType call(int callee, boolean tail) {
    DefType type = g.env.funcs.get(callee);
    Environment.Slot slot = g.env.slots.get(callee);
    switch (choices.weighted(5, slot == null ? 0 : 3, g.env.uses(Family.REFERENCE) ? 2 : 0)) {
      case 0 -> {
        g.values(type.asFunc().params());
        g.emit(tail ? Opcode.RETURN_CALL : Opcode.CALL, callee);
      }
      case 1 -> {
        g.values(type.asFunc().params());
        AddressType address = g.env.tables.get(slot.table()).address();
        if (choices.chance(90)) {
          AccessGenerator.address(g.code, address, slot.index());
        } else {
          g.value(address.valType());
        }
        g.emit(tail ? Opcode.RETURN_CALL_INDIRECT : Opcode.CALL_INDIRECT, g.type(type));
        g.code.u32(slot.table());
      }
      default -> {
        List<ValType> operands = new ArrayList<>(type.asFunc().params());
        operands.add(new RefType(choices.chance(15), type));
        g.values(operands);
        g.emit(tail ? Opcode.RETURN_CALL_REF : Opcode.CALL_REF, g.type(type));
      }
    }
    return type.asFunc();
  }
}
