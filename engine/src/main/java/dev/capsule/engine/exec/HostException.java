package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.WasmException;

/** Carries a host function's exception through Wasm frames; unwrapped where the host called in. */
public final class HostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private HostException(Throwable cause) {
    super(null, cause, false, false);
  }

  static void call(HostFunction.HostBody body, ExecStore store, int sp) {
    try {
      body.call(store, sp);
    } catch (Throwable thrown) {
      throw carry(thrown, store);
    }
  }

  /** What passes through Wasm frames of a store in place of what a host function has thrown. */
  public static RuntimeException carry(Throwable thrown, ExecStore store) {
    return switch (thrown) {
      case Trap passing -> passing;
      case WasmException passing ->
          store.isOwn(passing.reference())
              ? passing
              : new HostException(
                  new IllegalArgumentException("the exception carries what is of another store"));
      case HostException passing -> passing;
      default -> new HostException(thrown);
    };
  }

  /** Throws what the host function threw, checked or not. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> T unwrap(HostException carrier) throws T {
    throw (T) carrier.getCause();
  }
}
