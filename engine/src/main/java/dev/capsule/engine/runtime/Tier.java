package dev.capsule.engine.runtime;

/** How an engine runs function bodies. Results, traps and fuel are the same for all. */
public enum Tier {
  /** Interpreted only: nothing is compiled and no class is defined. */
  INTERPRETER,
  /** Every function is compiled before it first runs. */
  JIT,
  /** Interpreted first; what runs often is compiled. */
  TIERED
}
