package dev.capsule.engine.interpreter;

import java.util.List;

/**
 * A computation that waits in a host function, as data. Its form is that of the lowered code: it
 * has a meaning only for the same module in the same build of the engine.
 *
 * @param host index of the host function
 * @param direct whether the code accesses memory 0 as an array
 * @param frames outermost first
 * @param slots the stack up to the end of the last frame
 * @param functions by slot, for references to functions: one more than the index; else 0
 */
public record Suspended(
    int host, boolean direct, List<Frame> frames, long[] slots, int[] functions) {
  /** Keeps its own list. */
  public Suspended {
    frames = List.copyOf(frames);
  }

  /**
   * One activation.
   *
   * @param function index of the function
   * @param call which of the function's calls it waits in
   * @param base its first slot
   */
  public record Frame(int function, int call, int base) {}
}
