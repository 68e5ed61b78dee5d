package dev.capsule.engine.compiler;

import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.types.DefType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of a module that calls through its tables probably find: those that element
 * segments name. A hint: tables may be written, and imported ones hold anything.
 */
final class TableFunctions {
  /** With more of them a virtual call is better than a choice among direct ones. */
  private static final int FEW = 8;

  private static final int[] NONE = {};

  private final Module module;
  private final Map<Integer, int[]> byType = new ConcurrentHashMap<>();
  private int[] all;

  TableFunctions(Module module) {
    this.module = module;
  }

  /** The functions that a call of a type may find, in order, where they are few. */
  int[] of(int type) {
    return byType.computeIfAbsent(type, key -> matching(module.defType(key)));
  }

  private int[] matching(DefType type) {
    int[] found = new int[FEW];
    int count = 0;
    for (int function : all()) {
      DefType own = (DefType) module.func(function);
      if (own == type || own.isSubtypeOf(type)) {
        if (count == FEW) {
          return NONE;
        }
        found[count++] = function;
      }
    }
    // HotSpot inlines what up to two receivers of a virtual call do.
    return count < 3 ? NONE : Arrays.copyOf(found, count);
  }

  private synchronized int[] all() {
    if (all == null) {
      BitSet named = new BitSet();
      for (ElemSegment segment : module.elems()) {
        if (!(segment.mode() instanceof SegmentMode.Declarative)) {
          for (int function : segment.functions()) {
            named.set(function);
          }
        }
      }
      named.clear(0, module.importedFuncs());
      all = named.stream().toArray();
    }
    return all;
  }
}
