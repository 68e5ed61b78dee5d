package dev.capsule.engine.compiler;

import static org.objectweb.asm.Opcodes.*;

import dev.capsule.engine.exec.ExecStore;

/** Emits the questions whether there is fuel for a whole loop; see {@link FastLoops}. */
final class CoverEmitter {
  private static final String STORE = Names.descriptor(Names.STORE);

  private final MethodCode code;

  CoverEmitter(MethodCode code) {
    this.code = code;
  }

  /** Pushes what is needed and what is there. */
  void covered(Ins ins) {
    need(ins);
    if (code.fuel >= 0) {
      code.loadLocal('I', code.fuel);
      code.op(I2L);
    } else {
      code.store();
      code.field(Names.STORE, "fuel", "J");
    }
  }

  /** Pushes whether the store could give what is needed. */
  void extend(Ins ins) {
    code.storeFuel();
    code.store();
    need(ins);
    code.push(ins.y);
    code.call(LoopFuel.class, "extend", "(" + STORE + "JJ)Z");
    code.loadFuel();
  }

  /** After the loop: a slice that was made longer for it is made shorter again. */
  void leave() {
    code.storeFuel();
    code.store();
    code.invoke(ExecStore.class, "shortenSlice", "()V");
    if (code.loopFuel < 0) {
      code.loadFuel();
    }
  }

  private void need(Ins ins) {
    boolean falls = ins.b < 0;
    int step = Math.abs(ins.b);
    switch (ins.opcode) {
      case I32_LT_S, I32_LE_S -> rounds(ins, "risingSigned", false, step);
      case I32_LT_U, I32_LE_U -> rounds(ins, "risingUnsigned", false, step);
      case I32_GT_S, I32_GE_S -> rounds(ins, "fallingSigned", false, step);
      case I32_GT_U, I32_GE_U -> rounds(ins, "fallingUnsigned", false, step);
      default -> {
        String method = ins.writeThrough ? "untilAfter" : "until";
        // Downwards from one to the other is as far as upwards from the other to the one.
        rounds(ins, method, falls, Integer.numberOfTrailingZeros(step));
      }
    }
    code.push(ins.x);
    code.op(LMUL);
    code.push(ins.y);
    code.op(LADD);
  }

  private void rounds(Ins ins, String method, boolean swap, int argument) {
    if (swap) {
      limit(ins);
    }
    code.get(ins.a);
    if (!swap) {
      limit(ins);
    }
    code.push(argument);
    code.call(LoopFuel.class, method, "(III)J");
  }

  private void limit(Ins ins) {
    if (!(ins.o instanceof Ins limit)) {
      code.push(0);
    } else if (limit.kind == Ins.Kind.GET) {
      code.get(limit.a);
    } else {
      code.push((int) limit.x);
    }
  }
}
