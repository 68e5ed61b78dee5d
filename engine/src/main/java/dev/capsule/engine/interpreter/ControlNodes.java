package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;

/** Control instructions that are not made from templates (spec 4.6.8). */
final class ControlNodes {
  private ControlNodes() {}

  /** Arrives at a loop's header from above: charges, and looks whether fuel is left. */
  static final class LoopEntry extends Node {
    private final int w;

    LoopEntry(int w) {
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      if ((in.store.fuel -= w) < 0) {
        return poll(in, fp, next);
      }
      return next;
    }
  }

  /** Charges, and compares fuel in front of a call or behind it. */
  static final class Compare extends Node {
    private final int w;

    Compare(int w) {
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      if ((in.store.fuel -= w) < 0) {
        in.store.poll(in.code);
      }
      return next;
    }
  }

  static final class Unreachable extends Node {
    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      throw new Trap(TrapKind.UNREACHABLE);
    }
  }

  /** {@code br_table}; branches back to a header lead over a {@code LOOP_GOTO}. */
  static final class BrTable extends Node {
    private final int a;
    private final int[] fuel;
    private final Node[] targets;
    private Jump[] jumps;

    BrTable(int a, Jump[] jumps) {
      this.a = a;
      this.jumps = jumps;
      this.fuel = new int[jumps.length];
      this.targets = new Node[jumps.length];
    }

    @Override
    void link(Linker linker, int[] c, int p) {
      for (int i = 0; i < jumps.length; i++) {
        fuel[i] = jumps[i].fuel;
        targets[i] = linker.at(jumps[i].pc);
      }
      jumps = null;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      int i = (int) st[fp + a];
      int last = targets.length - 1;
      if (i < 0 || i > last) {
        i = last;
      }
      in.store.fuel -= fuel[i];
      return targets[i];
    }
  }

  /** {@code select} of vectors and references. */
  static final class Select extends Node {
    private final int d;
    private final int a;
    private final int b;
    private final int condition;

    Select(int d, int a, int b, int condition) {
      this.d = d;
      this.a = a;
      this.b = b;
      this.condition = condition;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      int from = fp + ((int) st[fp + condition] != 0 ? a : b);
      Object[] refs = in.store.refs;
      refs[fp + d] = refs[from];
      st[fp + d] = st[from];
      st[fp + d + 1] = st[from + 1];
      return next;
    }
  }
}
