package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.StoreLimits;
import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.LockSupport;

/**
 * A store as the tiers see it. Used by one thread at a time, except for {@link #interrupt}.
 *
 * <p>Fuel: {@link #fuel} is what is left of the current slice; tiers subtract the cost of executed
 * instructions and call {@link #poll} where it is below zero at a function's entry, unless that is
 * a short function ({@link FunctionCode#comparesAtEntry}), at a loop's header, at the calls of
 * large functions ({@link FunctionCode#comparesAtCalls}), behind calls after which much can be
 * consumed ({@link FunctionCode#comparesBehind}), and where an exception is caught. At every call,
 * other than compiled code's own of short functions, at every trap and wherever a host function or
 * bulk operation runs, it is exact.
 */
public final class ExecStore extends Store {
  /** Units of fuel between two looks at deadline and interruption. */
  public static final int SLICE = 100_000;

  private static final int INITIAL_SLOTS = 4096;

  /** More slots than this are given back when nothing runs any longer. */
  private static final int KEPT_SLOTS = 1 << 16;

  /** Calls from host functions back into Wasm nest Java frames; this many are allowed. */
  private static final int MAX_NESTING = 200;

  /** Bytes of a thread's stack in a unit of {@link #javaStack}. */
  public static final int STACK_UNIT = 64;

  /**
   * What Java frames of compiled code may take of a thread's stack: half of the 1 MiB that threads
   * have by default. The rest is for the host, for the interpreter between compiled functions, and
   * for what the JVM keeps free.
   */
  public static final int JAVA_STACK = (512 << 10) / STACK_UNIT;

  /** What an entry into compiled code from elsewhere takes, besides the function itself. */
  private static final int ENTRY_STACK = (2 << 10) / STACK_UNIT;

  /** What a host function takes that calls back. */
  private static final int HOST_STACK = (2 << 10) / STACK_UNIT;

  /** The least that compiled code takes for a unit of call depth. */
  public static final int STACK_PER_DEPTH = (1 << 10) / STACK_UNIT;

  public long fuel;

  /**
   * Always zero, which HotSpot does not know as long as it is not final: added to a value, it makes
   * another of it.
   */
  public int zero;

  /** Units of fuel between two looks at deadline and interruption; tests make it smaller. */
  public int slice = SLICE;

  /**
   * What is left of the call depth, in units of {@link FunctionCode#depthUnits}. Compiled code
   * passes it on as a parameter (see {@link #left}) and writes it here before other code runs.
   */
  public int depth;

  /** The least {@link #depth} at which compiled code runs; what it passes on counts from here. */
  private int depthFloor;

  /**
   * What frames of compiled code may still take of the thread's stack, in units of {@link
   * #STACK_UNIT} bytes; like {@link #depth} passed on as a parameter. When it is used up compiled
   * code goes on in the interpreter, which does not nest Java frames: so the Java stack never
   * overflows.
   */
  private int javaStack = JAVA_STACK;

  /** Slots of all frames; replaced when it grows, so nobody keeps it across a call. */
  public long[] stack = new long[INITIAL_SLOTS];

  /** References at the positions of their slots; as long as {@link #stack}. */
  public Object[] refs = new Object[INITIAL_SLOTS];

  /**
   * Where the interpreter goes on when it has left its inner loop: the instruction, null at the
   * end; the frame's first slot; the instance whose code runs.
   */
  public Object resume;

  public int fp;
  public ModuleInstance instance;

  /** The first slot that no active frame uses; set before a host function is called. */
  public int sp;

  /**
   * The interpreter's call of a host function that was made last; null where that was a tail call.
   */
  public Object waiting;

  /** The host function that was called by {@link #waiting}. */
  public FuncInstance host;

  /** A tail call that compiled code leaves to its caller; see {@link CompiledBody#callOrTail}. */
  public FuncInstance tail;

  /**
   * Whether compiled code that counts no fuel has to call {@link #poll}: set by {@link #interrupt}
   * and, while code runs in an engine of fuel mode {@code EPOCH}, by a timer.
   */
  public volatile boolean due;

  public final Limiter limiter;

  /** Counts structs and arrays. */
  public final GcHeap heap;

  final EngineState engineState;
  private final FuelMode fuelMode;
  private final boolean compilesFirst;
  private final RunningStore running = new RunningStore(this);

  /** Who does long work for this store, perhaps still after a trap has ended the wait for it. */
  Optional<Thread> abandoned = Optional.empty();

  /** What arrays of callables may take in small stores; each is as long as its table. */
  private static final int MIN_KEPT_CALLABLES = 1 << 20;

  /** The length of all arrays of callables. */
  private long keptCallables;

  /** Fuel that is not in the current slice. */
  private long reserve = Long.MAX_VALUE;

  /** All fuel that slices were ever given: what {@link #fuel} lacks to it has been consumed. */
  private long granted;

  /** What had been consumed when a module was last told of it. */
  private long reported;

  private boolean metered;
  private long deadline;
  private boolean hasDeadline;
  private int nesting;

  /** The thread in which code runs: a second one is refused where that is seen in time. */
  private Thread runner;

  private volatile boolean interrupted;

  /** Whether the code that runs has been told of the interruption. */
  private boolean told;

  private volatile Thread parked;
  private final Set<Runnable> wakeUps = new CopyOnWriteArraySet<>();

  public ExecStore(Engine engine, EngineState engineState, StoreLimits limits) {
    super(engine, limits);
    this.engineState = engineState;
    this.fuelMode = engineState.config().fuelMode();
    this.compilesFirst = engineState.config().tier() == Tier.JIT;
    this.limiter = new Limiter(limits);
    this.heap = new GcHeap(this, limits.heapBytes());
    this.depth = limits.callDepth();
    nextSlice();
  }

  private void nextSlice() {
    long units = Math.min(slice, reserve);
    reserve -= units;
    granted += units;
    fuel += units;
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
        reserve = Long.MAX_VALUE;
      }
      nextSlice();
    }
  }

  /**
   * Polls for the interpreter.
   *
   * @param running whose code has used up the slice
   */
  public void poll(ModuleCode running) {
    report(running);
    poll();
  }

  /**
   * Adds what has been taken since the last report to what has been interpreted of a module.
   *
   * @param running whose code has run, and goes on in another module's or ends
   */
  public void report(ModuleCode running) {
    long taken = fuelTaken();
    if (!running.lasting) {
      running.interpreted += taken - reported;
    }
    reported = taken;
  }

  @Override
  public void checkInterruption() {
    due = false;
    if (interrupted || Thread.currentThread().isInterrupted()) {
      // It stays until the outermost call ends: a host function in between may swallow the trap.
      if (nesting == 0) {
        interrupted = false;
      } else {
        told = true;
        due = true;
      }
      throw new Trap(TrapKind.INTERRUPTED);
    }
    if (hasDeadline && System.nanoTime() - deadline >= 0) {
      throw new Trap(TrapKind.DEADLINE);
    }
  }

  /**
   * At a loop's header, in place of a comparison: polls, and makes the current slice longer, for a
   * loop that would rather not look at it for a while.
   *
   * @param units what the loop would like to have; it gets at most a slice more
   * @throws Trap with {@code OUT_OF_FUEL}, {@code DEADLINE} or {@code INTERRUPTED}
   */
  public void extendSlice(long units) {
    if (fuel < 0) {
      poll();
    } else {
      checkInterruption();
    }
    if (fuel < units && fuel <= slice) {
      nextSlice();
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
      try {
        long[] grown = Arrays.copyOf(stack, length);
        refs = Arrays.copyOf(refs, length);
        stack = grown;
      } catch (OutOfMemoryError e) {
        throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
      }
    }
  }

  /**
   * Runs a function for Java code, which has put its arguments from slot {@code base} = {@link #sp}
   * on. Whatever happens, the store is then as it was before, except for what the guest did.
   */
  void run(FuncInstance function, int base) {
    int savedDepth = depth;
    int savedStack = javaStack;
    boolean done = false;
    if (nesting > 0 && runner != Thread.currentThread()) {
      throw new IllegalStateException("the store is in use by another thread: " + runner);
    }
    if (nesting == MAX_NESTING) {
      throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
    }
    if (interrupted || hasDeadline) {
      checkInterruption();
    }
    nesting++;
    runner = Thread.currentThread();
    if (nesting == 1) {
      depthFloor = Math.max(0, depth - JAVA_STACK / STACK_PER_DEPTH);
    } else {
      javaStack -= HOST_STACK;
    }
    if (nesting == 1 && fuelMode == FuelMode.EPOCH) {
      EpochTimer.enter(this);
    }
    WeakReference<ExecStore> last = compilesFirst ? running.enter(runner) : null;
    try {
      function.invoke(this, base);
      if (fuel < 0 && fuelMode == FuelMode.EXACT && !(function instanceof HostFunction)) {
        // What runs beyond its limit does not succeed, however far the last comparison is back.
        poll();
      }
      done = true;
    } catch (HostException thrown) {
      throw HostException.<RuntimeException>unwrap(thrown);
    } catch (StackOverflowError e) {
      throw new Trap(TrapKind.CALL_STACK_EXHAUSTED);
    } finally {
      if (compilesFirst) {
        running.leave(last);
      }
      sp = base;
      depth = savedDepth;
      javaStack = savedStack;
      nesting--;
      if (nesting == 0) {
        runner = null;
        if (function instanceof WasmFunction wasm && wasm.code.compiled == null) {
          report(wasm.code.module);
        }
        waiting = null;
        host = null;
        if (told) {
          told = false;
          interrupted = false;
        }
        idle(base, done);
      }
    }
  }

  /**
   * Whether compiled code may be entered from elsewhere for a call, or a loop, at a call depth.
   *
   * @param at the call depth that is left once the call is counted
   */
  public boolean nestsJava(int at) {
    return at >= depthFloor && javaStack > ENTRY_STACK;
  }

  /** What is left for frames of compiled code, to be given to {@link #setJavaStack} later. */
  public int javaStack() {
    return javaStack;
  }

  public void setJavaStack(int units) {
    javaStack = units;
  }

  /**
   * What compiled code that is entered now passes on: in the upper 16 bits what is left for Java
   * frames, in the lower what is left of the call depth above its floor. A function takes both off
   * at once; the former is used up no later than the latter, so only its sign is looked at.
   */
  public int left() {
    int above = depth - depthFloor;
    return Math.min(javaStack - ENTRY_STACK, above * STACK_PER_DEPTH) << 16 | above;
  }

  /** Takes what {@link #left} gave and functions have reduced, before other code runs. */
  public void takeLeft(int left) {
    depth = depthFloor + (left & 0xFFFF);
    javaStack = left >> 16;
  }

  /** Whether code runs in this store. */
  boolean isRunning() {
    return nesting > 0;
  }

  /** Whether code of this store runs in the current thread. */
  boolean runsHere() {
    return nesting > 0 && runner == Thread.currentThread();
  }

  /** Whether the code that runs has been called by host functions that it had called itself. */
  boolean isNested() {
    return nesting > 1;
  }

  /** Nothing runs any longer: frees what a deep or a trapping call has left behind. */
  private void idle(int base, boolean done) {
    if (fuelMode == FuelMode.EPOCH) {
      EpochTimer.leave(this);
    }
    if (stack.length > KEPT_SLOTS) {
      stack = Arrays.copyOf(stack, KEPT_SLOTS);
      refs = Arrays.copyOf(refs, KEPT_SLOTS);
    }
    if (!done) {
      Arrays.fill(refs, base, refs.length, null);
    }
  }

  @Override
  public OptionalLong fuel() {
    return metered ? OptionalLong.of(Math.max(0, reserve + fuel)) : OptionalLong.empty();
  }

  @Override
  public void setFuel(long units) {
    if (units < 0) {
      throw new IllegalArgumentException("fuel is negative: " + units);
    }
    requireExact();
    metered = true;
    refill(units);
  }

  @Override
  public void addFuel(long units) {
    if (units < 0) {
      throw new IllegalArgumentException("fuel is negative: " + units);
    }
    if (!metered) {
      throw new IllegalStateException("the store's fuel is unlimited");
    }
    reserve = reserve + units < 0 ? Long.MAX_VALUE : reserve + units;
  }

  @Override
  public void setFuelUnlimited() {
    metered = false;
    refill(Long.MAX_VALUE);
  }

  private void refill(long units) {
    granted -= fuel;
    fuel = 0;
    reserve = units;
    nextSlice();
  }

  @Override
  public long fuelConsumed() {
    requireExact();
    return granted - fuel;
  }

  /** What was consumed; without a meaning where nothing is counted. */
  long fuelTaken() {
    return granted - fuel;
  }

  private void requireExact() {
    if (fuelMode != FuelMode.EXACT) {
      throw new IllegalStateException("an engine of fuel mode " + fuelMode + " counts no fuel");
    }
  }

  /** The tier of this store's engine. */
  public ExecutionTier tier() {
    return engineState.tier();
  }

  @Override
  public void setDeadline(Duration fromNow) {
    deadline = System.nanoTime() + Math.min(Long.MAX_VALUE / 2, saturatedNanos(fromNow));
    hasDeadline = true;
  }

  private static long saturatedNanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  @Override
  public void clearDeadline() {
    hasDeadline = false;
  }

  @Override
  public OptionalLong remainingNanos() {
    return hasDeadline
        ? OptionalLong.of(Math.max(0, deadline - System.nanoTime()))
        : OptionalLong.empty();
  }

  @Override
  public void interrupt() {
    interrupted = true;
    due = true;
    Thread thread = parked;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
    wakeUps.forEach(Runnable::run);
  }

  @Override
  public boolean clearInterruption() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  @Override
  public Registration onInterrupt(Runnable wakeUp) {
    // A new object, so that one runnable may be registered twice.
    Runnable entry = () -> wakeUp.run();
    wakeUps.add(entry);
    if (interrupted) {
      wakeUp.run();
    }
    return () -> wakeUps.remove(entry);
  }

  /**
   * Waits until somebody unparks the thread, at most {@code nanos} and not beyond the deadline.
   *
   * @throws Trap if the deadline has passed or the store or thread was interrupted
   */
  void park(long nanos) {
    parked = Thread.currentThread();
    try {
      checkInterruption();
      LockSupport.parkNanos(
          this, hasDeadline ? Math.min(nanos, deadline - System.nanoTime()) : nanos);
      checkInterruption();
    } finally {
      parked = null;
    }
  }

  /** Grants arrays of callables {@code more} elements, or refuses; takes them back if negative. */
  boolean keepCallables(int more) {
    long most = MIN_KEPT_CALLABLES + 2 * limiter.tableElements();
    if (more > 0 && keptCallables + more > most) {
      return false;
    }
    keptCallables += more;
    return true;
  }

  /**
   * Refuses a reference that belongs to another store: a function, a struct or an array, which may
   * hold functions, or an exception that carries one of these. What the host uses as external
   * references, and exceptions that carry nothing of a store, may go from store to store.
   */
  Object own(Object reference) {
    if (!isOwn(reference)) {
      throw new IllegalArgumentException("the reference belongs to another store: " + reference);
    }
    return reference;
  }

  /** Whether {@link #own} does not refuse a reference. */
  boolean isOwn(Object reference) {
    return switch (reference) {
      case FuncInstance func -> func.store == this;
      case HeapObject object -> !heap.isForeign(object.batch);
      case ExnObject exn -> !heap.isForeign(exn.batch) || carriesNothingOfOthers(exn);
      case null, default -> true;
    };
  }

  /** An exception within an exception of another store or of the host is refused unread. */
  private boolean carriesNothingOfOthers(ExnObject exn) {
    for (Object carried : exn.refs) {
      boolean own =
          carried instanceof ExnObject inner ? !heap.isForeign(inner.batch) : isOwn(carried);
      if (!own) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long memoryBytes() {
    return limiter.memoryBytes();
  }

  @Override
  public long peakMemoryBytes() {
    return limiter.peakMemoryBytes();
  }

  @Override
  public long heapBytes() {
    return heap.live();
  }
}
