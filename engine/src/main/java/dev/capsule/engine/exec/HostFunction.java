package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;

/** A function of the host. */
public final class HostFunction extends FuncInstance {
  public final HostBody body;

  public HostFunction(DefType type, HostBody body) {
    super(type);
    this.body = body;
  }

  /** What the host runs: arguments from slot {@code sp} of the store's stack, results to there. */
  @FunctionalInterface
  public interface HostBody {
    void call(ExecStore store, int sp) throws Throwable;
  }

  /**
   * Runs the body. What it throws passes through Wasm frames as {@link HostException}, so that no
   * tier mistakes it for a guest's trap; {@code Trap} and Wasm exceptions pass as they are.
   */
  @Override
  public void invoke(ExecStore store, int sp) {
    HostException.call(body, store, sp);
  }
}
