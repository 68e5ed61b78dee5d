package dev.capsule.engine.compiler;

import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The functions of a module that calls through its tables probably find: those that element
 * segments name. A hint: tables may be written, and imported ones hold anything.
 */
final class TableFunctions {
  /** HotSpot itself inlines up to two receivers of a virtual call. */
  private static final int MIN = 3;

  /** With more of them a virtual call is as good as a choice among direct ones. */
  private static final int MAX = 16;

  private static final int[] NONE = {};

  private final Module module;

  /** By type the functions of it and of its subtypes; null until first asked for. */
  private Map<DefType, Few> byType;

  /** The first few functions of a type, in order. */
  private static final class Few {
    final int[] functions = new int[MAX];
    int count;

    void add(int function) {
      if (count < MAX) {
        functions[count] = function;
      }
      count++;
    }
  }

  TableFunctions(Module module) {
    this.module = module;
  }

  /** The functions that a call of a type may find, in order; none unless they are a few. */
  synchronized int[] of(int type) {
    if (byType == null) {
      byType = new IdentityHashMap<>();
      named(this::add);
    }
    Few few = byType.get(module.defType(type));
    return few == null || few.count < MIN || few.count > MAX
        ? NONE
        : Arrays.copyOf(few.functions, few.count);
  }

  private void add(int function) {
    DefType type = (DefType) module.func(function);
    while (type != null) {
      byType.computeIfAbsent(type, key -> new Few()).add(function);
      List<HeapType> supers = type.unrolled().supers();
      type = supers.isEmpty() ? null : (DefType) supers.get(0);
    }
  }

  /** Own functions that segments may put into tables, each once. */
  private void named(IntConsumer each) {
    BitSet named = new BitSet();
    for (ElemSegment segment : module.elems()) {
      if (!(segment.mode() instanceof SegmentMode.Declarative)) {
        for (int function : segment.functions()) {
          named.set(function);
        }
      }
    }
    named.clear(0, module.importedFuncs());
    named.stream().forEach(each);
  }
}
