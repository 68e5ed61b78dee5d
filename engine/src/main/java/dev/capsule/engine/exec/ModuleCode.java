package dev.capsule.engine.exec;

import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.types.DefType;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What an engine has made of a validated module; shared by its instances in all stores. */
public final class ModuleCode {
  public final Module module;
  public final ExecutionTier tier;

  /** Whether the tiers apply {@link CanonicalNan}. */
  public final boolean deterministic;

  /** What compiled code counts. */
  public final FuelMode fuelMode;

  /** By function index; null for imports. */
  public final FunctionCode[] functions;

  /** What the interpreter has made of functions, by the first place of each. */
  public final ConcurrentSkipListMap<Integer, Object> byPlace = new ConcurrentSkipListMap<>();

  /** What the compiling tier keeps for this module; null until it has something. */
  public volatile Object compiler;

  /**
   * Units of fuel used up to the interpreter's looks at it, compiled callers' included; races lose
   * some, which does no harm.
   */
  public long interpreted;

  /** When this was made, by {@link System#nanoTime}. */
  public final long made = System.nanoTime();

  /** Set by the compiling tier: the module has run for long enough to be compiled. */
  public volatile boolean lasting;

  /** By type index; null until first asked for, and for types that are no structs. */
  private final StructLayout[] layouts;

  /** How many places of lowered instructions the interpreter has given out. */
  public final AtomicInteger places = new AtomicInteger();

  public ModuleCode(Module module, ExecutionTier tier, EngineConfig config) {
    this.module = module;
    this.tier = tier;
    this.deterministic = config.deterministic();
    this.fuelMode = config.fuelMode();
    this.layouts = new StructLayout[module.typeCount()];
    this.functions = new FunctionCode[module.funcCount()];
    for (int i = module.importedFuncs(); i < functions.length; i++) {
      functions[i] = new FunctionCode(this, i, (DefType) module.func(i));
    }
  }

  /** The layout of a struct type; a race makes two equal ones, which does no harm. */
  public StructLayout layout(int typeIndex) {
    StructLayout layout = layouts[typeIndex];
    if (layout == null) {
      layout = new StructLayout(module.defType(typeIndex));
      layouts[typeIndex] = layout;
    }
    return layout;
  }
}
