package dev.capsule.engine.compiler;

import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.Trap.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the activations of compiled functions off a Java stack trace, and settles their fuel: what
 * the innermost one had consumed but not charged where it trapped, and its callers up to the first
 * that had charged everything, as they do before all but short calls.
 */
final class CompiledFrames {
  private static final int MAX_FRAMES = 100;
  private static final String INTERPRETER = "dev.capsule.engine.interpreter.";

  private CompiledFrames() {}

  /**
   * Adds the frames between the trap and the nearest entry into compiled code that has not added
   * its own yet. Entries do that innermost first, those of several stores among them.
   */
  static Trap complete(ExecStore store, Trap trap, StackTraceElement[] trace) {
    return complete(store, trap, trace, FunctionCompiler::lines);
  }

  /**
   * The same.
   *
   * @param numbering makes the lines of a function, for which a long one is read as a whole
   */
  static Trap complete(
      ExecStore store,
      Trap trap,
      StackTraceElement[] trace,
      Function<FunctionCode, LineNumbers> numbering) {
    Map<FunctionCode, LineNumbers> numbered = new HashMap<>();
    int at = trap.read();
    List<Frame> frames = new ArrayList<>(trap.frames());
    boolean settled = at > 0 || !frames.isEmpty() || isExact(trap);
    boolean open = true;
    for (; at < trace.length && !isEntry(trace[at]); at++) {
      StackTraceElement element = trace[at];
      settled |= element.getClassName().startsWith(INTERPRETER);
      int index = functionOf(element);
      ModuleCode code = index < 0 ? null : CompilingTier.code(store, element.getClassLoaderName());
      if (code == null) {
        continue;
      }
      FunctionCode function = code.functions[index];
      boolean shown = frames.size() < MAX_FRAMES;
      open &= !settled || CallerFuel.mayCallShort(function);
      if (!open && !shown) {
        continue;
      }
      LineNumbers lines = numbered.computeIfAbsent(function, numbering);
      int offset = lines.offset(element.getLineNumber());
      if (open) {
        open = !settled || CallerFuel.callsShort(function, offset);
        if (open) {
          store.fuel -= FunctionCompiler.pendingAt(function, lines, element.getLineNumber());
        }
        settled = true;
      }
      if (shown) {
        frames.add(new Frame(index, code.module.funcName(index), offset));
      }
    }
    return trap.at(frames, at + 1);
  }

  /** Whether traps of a kind come only from where everything has been charged. */
  private static boolean isExact(Trap trap) {
    return switch (trap.kind()) {
      case OUT_OF_FUEL, DEADLINE, INTERRUPTED, CALL_STACK_EXHAUSTED -> true;
      default -> false;
    };
  }

  /** Whether an element is of a method that calls {@link #complete} for what it passes on. */
  private static boolean isEntry(StackTraceElement element) {
    String in = element.getClassName();
    String method = element.getMethodName();
    return in.startsWith(Names.SIGNATURES) && method.startsWith("call")
        || in.startsWith(Names.FUNCTIONS) && method.equals("resume");
  }

  /** The index of the function whose code an element is in; -1 for methods that only pass on. */
  private static int functionOf(StackTraceElement element) {
    String name = element.getClassName();
    if (!name.startsWith(Names.FUNCTIONS) || element.getLineNumber() <= 0) {
      return -1;
    }
    int end = name.indexOf('$');
    return Integer.parseInt(
        name.substring(Names.FUNCTIONS.length(), end < 0 ? name.length() : end));
  }
}
