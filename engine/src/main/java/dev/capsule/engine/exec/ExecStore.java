package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.util.Arrays;

/**
 * A store as the tiers see it. Used by one thread at a time, except for {@link #interrupt}.
 *
 * <p>Fuel: {@link #fuel} is what is left of the current slice; tiers subtract the cost of executed
 * instructions and call {@link #poll} where it is below zero at a function's entry or a loop's
 * header. At every call, at every trap and wherever a host function or bulk operation runs, it is
 * exact.
 */
public final class ExecStore extends Store {
  /** Units of fuel between two looks at deadline and interruption. */
  public static final int SLICE = 100_000;

  private static final int INITIAL_SLOTS = 4096;

  public long fuel;

  /** What is left of the call depth, in units of {@link FunctionCode#depthUnits}. */
  public int depth;

  /** Slots of all frames; replaced when it grows, so nobody keeps it across a call. */
  public long[] stack = new long[INITIAL_SLOTS];

  /** References at the positions of their slots; as long as {@link #stack}. */
  public Object[] refs = new Object[INITIAL_SLOTS];

  /** The first slot that no active frame uses; set before a host function is called. */
  public int sp;

  /** A tail call that compiled code leaves to its caller; see {@link CompiledBody#callOrTail}. */
  public FuncInstance tail;

  public final Limiter limiter;
  private final int maxDepth;

  /** Fuel that is not in the current slice. */
  private long reserve;

  private boolean metered;
  private long deadline;
  private boolean hasDeadline;
  private volatile boolean interrupted;

  public ExecStore(Limiter limiter, int maxDepth) {
    this.limiter = limiter;
    this.maxDepth = maxDepth;
    this.depth = maxDepth;
    this.reserve = Long.MAX_VALUE / 2;
    nextSlice();
  }

  /** The depth of a store in which nothing runs. */
  public int maxDepth() {
    return maxDepth;
  }

  private void nextSlice() {
    long slice = Math.min(SLICE, reserve);
    reserve -= slice;
    fuel += slice;
  }

  /**
   * The slow path of a fuel check: called when {@link #fuel} is below zero.
   *
   * @throws Trap with {@code OUT_OF_FUEL}, {@code DEADLINE} or {@code INTERRUPTED}
   */
  public void poll() {
    checkInterruption();
    while (fuel < 0) {
      if (reserve == 0) {
        if (metered) {
          throw new Trap(TrapKind.OUT_OF_FUEL);
        }
        reserve = Long.MAX_VALUE / 2;
      }
      nextSlice();
    }
  }

  /** Traps if the deadline has passed or the store or its thread was interrupted. */
  public void checkInterruption() {
    if (interrupted || Thread.currentThread().isInterrupted()) {
      interrupted = false;
      throw new Trap(TrapKind.INTERRUPTED);
    }
    if (hasDeadline && System.nanoTime() - deadline >= 0) {
      throw new Trap(TrapKind.DEADLINE);
    }
  }

  /**
   * Charges for a bulk operation what it takes beyond its one instruction, before it moves data.
   */
  public void chargeBulk(long units) {
    fuel -= units;
    if (fuel < 0) {
      poll();
    }
  }

  /** Makes room for slots up to {@code top}; replaces {@link #stack} and {@link #refs}. */
  public void ensureStack(int top) {
    if (top > stack.length) {
      int length = Math.max(top, stack.length * 2);
      stack = Arrays.copyOf(stack, length);
      refs = Arrays.copyOf(refs, length);
    }
  }
}
