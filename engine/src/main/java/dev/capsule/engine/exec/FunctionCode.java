package dev.capsule.engine.exec;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.types.DefType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.ValType;
import java.util.Arrays;
import java.util.List;

/** A function body as the tiers know it, shared by all instances of its module. */
public final class FunctionCode {
  public final ModuleCode module;

  /** Index in the module's function index space. */
  public final int index;

  public final DefType defType;
  public final FuncType type;

  /** Slots that the parameters and the results take. */
  public final int paramSlots;

  public final int resultSlots;

  /** The interpreter's form of this body; null until first needed. */
  public volatile Object lowered;

  /** The compiled form; null until there is one. */
  public volatile CompiledBody compiled;

  /** The compiled form that takes over running loops; null until there is one. */
  public volatile CompiledBody loops;

  /**
   * What compiled code of the same module calls this function by: {@link #compiled}, or an object
   * that passes the call on through slots; null until compiled code first needs it. Read without
   * synchronisation on purpose: an old value is as right as a new one.
   */
  public CompiledBody entry;

  /** Set by the compiling tier: waits to be compiled; could not be compiled. */
  public volatile boolean queued;

  public volatile boolean uncompilable;

  /** Calls and back-edges counted by the interpreter; races lose counts, which does no harm. */
  public int heat;

  /**
   * The fuel that compiled callers charge for this function; null until first needed. Immutable and
   * always found the same, so read without synchronisation.
   */
  public Object callerFuel;

  /** What {@link #shortBytes} found; 0 for nothing yet. */
  private int shortBytes;

  /** The calls that {@link #comparesBehind}, by their places; null until first needed. */
  private volatile int[] comparedReturns;

  public FunctionCode(ModuleCode module, int index, DefType defType) {
    this.module = module;
    this.index = index;
    this.defType = defType;
    this.type = defType.asFunc();
    this.paramSlots = slots(type.params());
    this.resultSlots = slots(type.results());
  }

  /** Whether fuel is compared when this is called: it is not at the entry of a short function. */
  public boolean comparesAtEntry() {
    return shortBytes() < 0;
  }

  /** The most units that a call of this takes if it compares no fuel; else negative. */
  int shortBytes() {
    int known = shortBytes;
    if (known == 0) {
      // A race finds the same twice.
      known = FuelPoints.shortBytes(module.module, index);
      shortBytes = known;
    }
    return known;
  }

  /**
   * Whether fuel is compared at each call in this, between counting the call and looking for the
   * callee: it is in large functions, which could else call short functions for a long time.
   */
  public boolean comparesAtCalls() {
    return FuelPoints.atCalls(module.module, index);
  }

  /**
   * Whether fuel is compared when a call in this returns, before anything else: it is where much
   * can be consumed up to the next comparison.
   *
   * @param call where the call is, as {@link InstructionReader#start}
   */
  public boolean comparesBehind(int call) {
    int[] known = comparedReturns;
    if (known == null) {
      if (FuelPoints.isNearEnd(module.module, index, call)) {
        return false;
      }
      // A race finds the same twice.
      known = CallReturns.compared(this);
      comparedReturns = known;
    }
    return Arrays.binarySearch(known, call) >= 0;
  }

  /** The number of slots that values of these types take in a frame. */
  public static int slots(List<ValType> types) {
    int slots = types.size();
    for (ValType type : types) {
      slots += type.slots() - 1;
    }
    return slots;
  }

  /**
   * What an activation takes of the store's call depth: 1, and 1 more per 256 slots of locals and
   * operands, so that depth bounds the stack's memory as well. Every tier charges the same.
   *
   * @param slots slots of parameters, locals and the highest operand stack
   */
  public static int depthUnits(int slots) {
    return 1 + (slots >>> 8);
  }
}
