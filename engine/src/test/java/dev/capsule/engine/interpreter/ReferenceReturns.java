package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the reference compares fuel behind calls: for each instruction, the last one first, it
 * looks up what is behind the ones that may come next.
 */
final class ReferenceReturns {
  private static final int MOST = 4096;
  private static final int SHORT = 256;
  private static final int LARGE = 128 * 1024;

  /** What an instruction may continue with: places of others, among them none that goes back. */
  private record Step(Opcode opcode, int index, Set<Integer> next) {}

  private final ReferenceTier tier;
  private final FunctionCode function;
  private final Module module;
  private final Map<Integer, int[]> parts;
  private final TreeMap<Integer, Step> steps = new TreeMap<>();

  /** The places of the open blocks' first instructions; -1 for the function. */
  private final Deque<Integer> open = new ArrayDeque<>();

  ReferenceReturns(ReferenceTier tier, FunctionCode function) {
    this.tier = tier;
    this.function = function;
    this.module = function.module.module;
    this.parts = tier.parts(function);
  }

  Set<Integer> find() {
    InstructionReader reader = new InstructionReader(module, module.body(function.index).code());
    open.push(-1);
    while (!reader.atEnd()) {
      reader.next();
      switch (reader.opcode) {
        case BLOCK, LOOP, IF, TRY, TRY_TABLE -> open.push(reader.start);
        default -> {}
      }
      steps.put(reader.start, step(reader));
      if (reader.opcode == Opcode.END || reader.opcode == Opcode.DELEGATE) {
        open.pop();
      }
    }
    Set<Integer> found = new HashSet<>();
    Map<Integer, Long> from = new TreeMap<>();
    boolean large = module.body(function.index).code().length() > LARGE;
    steps
        .descendingMap()
        .forEach((place, step) -> from.put(place, from(place, step, from, large, found)));
    return found;
  }

  private Step step(InstructionReader reader) {
    Set<Integer> next = new HashSet<>();
    switch (reader.opcode) {
      case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL, BR_ON_CAST, BR_ON_CAST_FAIL ->
          branch(reader.index, next);
      case BR_TABLE -> {
        for (int label : reader.labels) {
          branch(label, next);
        }
      }
      // The end of the first part leads to the end of all.
      case ELSE, CATCH, CATCH_ALL -> next.add(end(open.peek()));
      case IF -> {
        int[] at = parts.get(reader.start);
        next.add(at.length > 2 ? behind(at[1]) : end(reader.start));
      }
      default -> {}
    }
    boolean goesOn =
        switch (reader.opcode) {
          case BR, BR_TABLE, ELSE, CATCH, CATCH_ALL -> false;
          case LOOP, RETURN, UNREACHABLE, THROW, THROW_REF, RETHROW -> false;
          case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> false;
          default -> !reader.atEnd();
        };
    if (goesOn) {
      next.add(reader.position());
    }
    return new Step(reader.opcode, reader.index, next);
  }

  private void branch(int label, Set<Integer> next) {
    int opener = open.stream().skip(label).findFirst().orElseThrow();
    if (opener < 0 || steps.get(opener).opcode != Opcode.LOOP) {
      next.add(end(opener));
    }
  }

  private int end(int opener) {
    int[] at = parts.get(opener);
    return at[at.length - 1];
  }

  /** What follows an {@code else}, of one byte. */
  private static int behind(int orElse) {
    return orElse + 1;
  }

  private long from(
      int place, Step step, Map<Integer, Long> from, boolean large, Set<Integer> found) {
    long rest = step.next.stream().mapToLong(from::get).max().orElse(0);
    int cost = step.opcode.cost();
    if (!step.opcode.mnemonic().matches("(return_)?call.*")) {
      return cost + rest;
    }
    boolean own =
        step.opcode.mnemonic().matches("(return_)?call") && module.importedFuncs() <= step.index;
    FunctionCode callee = own ? function.module.functions[step.index] : null;
    boolean isShort = own && tier.isShort(callee);
    if (rest > MOST && !isShort && step.opcode.mnemonic().startsWith("call")) {
      found.add(place);
      rest = 0;
    }
    return large || own && !isShort ? cost : cost + (own ? tier.bytes(callee) : SHORT) + rest;
  }
}
