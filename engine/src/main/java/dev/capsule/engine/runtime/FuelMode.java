package dev.capsule.engine.runtime;

/** What compiled code does to keep count and to stay interruptible. */
public enum FuelMode {
  /** Counts every executed instruction; the same totals on every tier and machine. */
  EXACT,
  /**
   * Counts nothing, but looks regularly whether it has to stop: deadlines and interruption work.
   */
  EPOCH,
  /** Counts nothing and never looks; only for trusted code that comes to an end by itself. */
  OFF
}
