package dev.capsule.engine.exec;

import dev.capsule.engine.types.DefType;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** A function of the host. */
public final class HostFunction extends FuncInstance {
  private final HostBody body;
  private final int room;
  private final Optional<MethodHandle> direct;

  /**
   * @param direct what the body calls, where arguments and results may pass as they are
   */
  HostFunction(ExecStore store, DefType type, HostBody body, Optional<MethodHandle> direct) {
    super(store, type);
    this.body = body;
    this.room = Slots.room(type());
    this.direct = direct;
  }

  /**
   * What the host runs, as a handle of the function type's carriers, where it needs no slots. What
   * it throws is for {@link HostException#carry}.
   */
  public Optional<MethodHandle> direct() {
    return direct;
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
