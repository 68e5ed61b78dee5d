package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ModuleInstance;
import java.util.Arrays;

/**
 * The end of a function with any results, which clears the frame's references. The table of
 * instructions has those for none and for one number.
 */
final class GeneralReturn extends Node {
  private final int from;
  private final int slots;
  private final boolean single;
  private final boolean ref;
  private final int w;
  private int link;
  private int units;
  private int top;

  /**
   * @param from the first of {@code slots} consecutive slots
   * @param single whether they are one number or one reference
   */
  GeneralReturn(int from, int slots, boolean single, boolean ref, int w) {
    this.w = w;
    this.from = from;
    this.slots = slots;
    this.single = single;
    this.ref = ref;
  }

  @Override
  void link(Linker linker, int[] c, int p) {
    link = linker.link;
    units = linker.units;
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
