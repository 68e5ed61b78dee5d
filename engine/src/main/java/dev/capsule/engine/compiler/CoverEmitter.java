package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

/** Emits the questions how many rounds of a loop may be made in a row; see {@link FastLoops}. */
final class CoverEmitter {
  private static final String STORE = Names.descriptor(Names.STORE);

  /**
   * Fewer rounds do not pay for what it takes to enter and leave the fast version, but where the
   * step is a variable nothing is won by looking.
   */
  private static final int LEAST = 8;

  /** The same where no comparison of fuel is saved. */
  private static final int LEAST_WITHOUT_FUEL = 16;

  private final MethodCode code;

  CoverEmitter(MethodCode code) {
    this.code = code;
  }

  /** Pushes how many rounds are sure to come. */
  void rounds(Ins ins) {
    LoopCounter counter = (LoopCounter) ins.o;
    char kind = counter.wide() ? 'J' : 'I';
    code.get(counter.variable());
    if (counter.after()) {
      value(counter.step(), counter.wide());
      code.op(counter.wide() ? counter.falls() ? LSUB : LADD : counter.falls() ? ISUB : IADD);
    }
    value(counter.limit(), counter.wide());
    value(counter.step(), counter.wide());
    if (counter.falls()) {
      code.op(counter.wide() ? LNEG : INEG);
    }
    code.push(counter.steps() ? ins.b > 0 ? LEAST_WITHOUT_FUEL : LEAST : 1);
    String method =
        switch (counter.stays()) {
          case I32_LT_S, I64_LT_S -> "ltS";
          case I32_LT_U, I64_LT_U -> "ltU";
          case I32_LE_S, I64_LE_S -> "leS";
          case I32_LE_U, I64_LE_U -> "leU";
          case I32_GT_S, I64_GT_S -> "gtS";
          case I32_GT_U, I64_GT_U -> "gtU";
          case I32_GE_S, I64_GE_S -> "geS";
          case I32_GE_U, I64_GE_U -> "geU";
          default -> "ne";
        };
    code.call(LoopFuel.class, method, "(" + kind + kind + kind + "I)I");
    if (counter.atEnd()) {
      code.call(LoopFuel.class, "withLast", "(I)I");
    }
    if (ins.b > 0) {
      code.push(ins.b);
      code.call(Math.class, "min", "(II)I");
    }
  }

  private void value(Ins value, boolean wide) {
    if (value.kind == Ins.Kind.GET) {
      code.get(value.a);
    } else if (wide) {
      code.push(value.x);
    } else {
      code.push((int) value.x);
    }
  }

  /** Pushes what is needed and what is there. */
  void covered(Ins ins) {
    code.get(ins.a);
    code.op(I2L);
    code.push(ins.x);
    code.op(LMUL);
    code.push(ins.y);
    code.op(LADD);
    if (code.fuel >= 0) {
      code.loadLocal('I', code.fuel);
      code.op(I2L);
    } else {
      code.store();
      code.field(Names.STORE, "fuel", "J");
    }
  }

  /** Pushes for how many rounds the store has fuel. */
  void extend(Ins ins) {
    code.storeFuel();
    code.store();
    code.get(ins.a);
    code.push(ins.x);
    code.push(ins.y);
    code.call(LoopFuel.class, "extend", "(" + STORE + "IJJ)I");
    code.loadFuel();
  }
}
