package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;

/** A function of the host. */
public final class HostFunction extends FuncInstance {
  private final HostBody body;
  private final int room;

  HostFunction(ExecStore store, DefType type, HostBody body) {
    super(store, type);
    this.body = body;
    this.room = Slots.room(type());
  }

  /** What the host runs: arguments from slot {@code sp} of the store's stack, results to there. */
  @FunctionalInterface
  interface HostBody {
    void call(ExecStore store, int sp) throws Throwable;
  }

  /**
   * Runs the body. What it throws passes through Wasm frames as {@link HostException}, so that no
   * tier mistakes it for a guest's trap; {@code Trap} and Wasm exceptions pass as they are.
   *
   * <p>The caller has set {@code store.sp} to the first slot that its frames do not use; arguments
   * and results may lie on both sides of it.
   */
  @Override
  public void invoke(ExecStore store, int sp) {
    int saved = store.sp;
    int top = Math.max(saved, sp + room);
    store.ensureStack(top);
    store.sp = top;
    HostException.call(body, store, sp);
    store.sp = saved;
  }
}
