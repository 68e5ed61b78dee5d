package dev.capsule.engine.compiler;

import dev.capsule.engine.module.CodeSlice;
import dev.capsule.engine.module.ElemSegment;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.module.SegmentMode;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.HeapType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The functions of a module that calls through its tables and references probably find: those that
 * element segments name. A hint: tables may be written, and imported ones hold anything.
 */
final class TableFunctions {
  /** HotSpot itself inlines up to two receivers of a virtual call. */
  private static final int MIN = 3;

  /** With more of them a virtual call is as good as a choice among direct ones. */
  private static final int MAX = 16;

  private static final int[] NONE = {};

  private final Module module;

  /** By type the functions of it and of its subtypes; null until first asked for. */
  private Map<DefType, Few> inTables;

  private Map<DefType, Few> declared;

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

  /** What a call of a type through a table may find, in order; none unless they are a few. */
  synchronized int[] of(int type) {
    if (inTables == null) {
      inTables = byType(segment -> !(segment.mode() instanceof SegmentMode.Declarative));
    }
    return few(inTables, type);
  }

  /** What a call of a type through a reference may find. */
  synchronized int[] referenced(int type) {
    if (declared == null) {
      declared = byType(segment -> true);
    }
    return few(declared, type);
  }

  private int[] few(Map<DefType, Few> byType, int type) {
    Few few = byType.get(module.defType(type));
    return few == null || few.count < MIN || few.count > MAX
        ? NONE
        : Arrays.copyOf(few.functions, few.count);
  }

  /** Adds the function that a constant expression is a reference to, if it is one. */
  private void name(CodeSlice expression, BitSet named) {
    InstructionReader reader = new InstructionReader(module, expression);
    reader.next();
    if (reader.opcode == Opcode.REF_FUNC) {
      named.set(reader.index);
    }
  }

  /** Own functions that some segments name, by indices or by expressions. */
  private Map<DefType, Few> byType(Predicate<ElemSegment> wanted) {
    BitSet named = new BitSet();
    for (ElemSegment segment : module.elems()) {
      if (wanted.test(segment)) {
        for (int function : segment.functions()) {
          named.set(function);
        }
        segment.expressions().forEach(code -> name(code, named));
      }
    }
    named.clear(0, module.importedFuncs());
    Map<DefType, Few> byType = new IdentityHashMap<>();
    named.stream()
        .forEach(
            function -> {
              DefType type = (DefType) module.func(function);
              while (type != null) {
                byType.computeIfAbsent(type, key -> new Few()).add(function);
                List<HeapType> supers = type.unrolled().supers();
                type = supers.isEmpty() ? null : (DefType) supers.get(0);
              }
            });
    return byType;
  }
}
