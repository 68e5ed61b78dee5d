package dev.capsule.engine.runtime;

import dev.capsule.engine.types.FuncType;

/** A function of Wasm or of the host (spec 4.2.6); also what a {@code funcref} is in Java. */
public abstract class Func {
  private final FuncType type;

  protected Func(FuncType type) {
    this.type = type;
  }

  /** Parameters and results. */
  public final FuncType type() {
    return type;
  }
}
