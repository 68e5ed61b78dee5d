package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import java.util.Arrays;

/** The ends of functions, by what they return. */
final class ReturnNodes {
  private ReturnNodes() {}

  /** What all of them know. */
  abstract static class Return extends Node {
    final int w;
    int link;
    int units;

    Return(int w) {
      this.w = w;
    }

    @Override
    void link(Linker linker, int[] c, int p) {
      link = linker.link;
      units = linker.units;
    }
  }

  static final class Nothing extends Return {
    Nothing(int w) {
      super(w);
    }

    @Override
    Node resolve(Linker linker) {
      return linker.refs ? new General(0, 0, false, false, w) : this;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      store.depth += units;
      int at = fp + link;
      store.fp = (int) st[at];
      return ((Node) store.refs[at]).next;
    }
  }

  /** One number. */
  static final class Number extends Return {
    private final int a;

    Number(int a, int w) {
      super(w);
      this.a = a;
    }

    @Override
    Node resolve(Linker linker) {
      return linker.refs ? new General(a, 1, true, false, w) : this;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      store.depth += units;
      int at = fp + link;
      CallNode site = (CallNode) store.refs[at];
      int caller = (int) st[at];
      st[caller + site.result] = st[fp + a];
      store.fp = caller;
      return site.next;
    }
  }

  /** Any results; clears the frame's references. */
  static final class General extends Return {
    private final int from;
    private final int slots;
    private final boolean single;
    private final boolean ref;
    private int top;

    /**
     * @param from the first of {@code slots} consecutive slots
     * @param single whether they are one number or one reference
     */
    General(int from, int slots, boolean single, boolean ref, int w) {
      super(w);
      this.from = from;
      this.slots = slots;
      this.single = single;
      this.ref = ref;
    }

    @Override
    void link(Linker linker, int[] c, int p) {
      super.link(linker, c, p);
      top = linker.top;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      ExecStore store = in.store;
      store.fuel -= w;
      store.depth += units;
      Object[] refs = store.refs;
      int at = fp + link;
      CallNode site = (CallNode) refs[at];
      int caller = (int) st[at];
      if (single) {
        Object value = refs[fp + from];
        long bits = st[fp + from];
        Arrays.fill(refs, fp, fp + top, null);
        if (ref) {
          refs[caller + site.result] = value;
        } else {
          st[caller + site.result] = bits;
        }
      } else {
        System.arraycopy(st, fp + from, st, fp, slots);
        System.arraycopy(refs, fp + from, refs, fp, slots);
        Arrays.fill(refs, fp + slots, fp + top, null);
      }
      store.fp = caller;
      return site.next;
    }
  }
}
