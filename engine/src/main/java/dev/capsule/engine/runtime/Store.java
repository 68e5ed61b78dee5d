package dev.capsule.engine.runtime;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Everything that instances own (spec 4.2.3), with one budget of fuel, memory and time. A store is
 * used by one thread at a time, except for {@link #interrupt}.
 */
public abstract class Store {
  private final Engine engine;
  private final StoreLimits limits;

  protected Store(Engine engine, StoreLimits limits) {
    this.engine = engine;
    this.limits = limits;
  }

  public final Engine engine() {
    return engine;
  }

  public final StoreLimits limits() {
    return limits;
  }

  /** The fuel left: executed instructions until {@link TrapKind#OUT_OF_FUEL}. Empty: unlimited. */
  public abstract OptionalLong fuel();

  /**
   * Sets the fuel left.
   *
   * @param units executed instructions
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if the engine's fuel mode is not {@code EXACT}
   */
  public abstract void setFuel(long units);

  /**
   * Adds to the fuel left, up to {@code Long.MAX_VALUE}.
   *
   * @param units executed instructions
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if fuel is unlimited
   */
  public abstract void addFuel(long units);

  /** Lifts the limit; what is executed is still counted. */
  public abstract void setFuelUnlimited();

  /**
   * The fuel taken so far: 1 for every executed instruction, except for structural ones like {@code
   * block}; for bulk operations also 1 for every 64 bytes or 8 elements.
   *
   * @throws IllegalStateException if the engine's fuel mode is not {@code EXACT}
   */
  public abstract long fuelConsumed();

  /** Code that still runs this long from now is stopped with {@link TrapKind#DEADLINE}. */
  public abstract void setDeadline(Duration fromNow);

  /** Lets code run as long as it likes. */
  public abstract void clearDeadline();

  /** Nanoseconds until the deadline, 0 when it has passed; empty where there is none. */
  public abstract OptionalLong remainingNanos();

  /**
   * Stops the running code with {@link TrapKind#INTERRUPTED}; where none runs, the next call.
   * Callable from any thread; {@code Thread.interrupt} has the same effect on running code.
   */
  public abstract void interrupt();

  /**
   * Takes back an interruption that has stopped nothing yet.
   *
   * @return whether there was one
   */
  public abstract boolean clearInterruption();

  /**
   * For host functions that block: {@code wakeUp} runs in the thread that calls {@link #interrupt},
   * at once if that has happened already. After waking up the host function calls {@link
   * #checkInterruption}. It looks after {@link #remainingNanos} itself.
   */
  public abstract Registration onInterrupt(Runnable wakeUp);

  /**
   * Traps if the deadline has passed or the store or the current thread was interrupted.
   *
   * @throws Trap of kind {@code DEADLINE} or {@code INTERRUPTED}
   */
  public abstract void checkInterruption();

  /** Bytes that all memories hold now. */
  public abstract long memoryBytes();

  /** The most bytes that all memories ever held. */
  public abstract long peakMemoryBytes();

  /** Bytes of structs and arrays that are known to be in use; an estimate from above. */
  public abstract long heapBytes();

  /** Takes a registration back. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
