package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ExecStore;
import dev.capsule.engine.exec.ExecutionTier;
import dev.capsule.engine.exec.FuncInstance;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.WasmFunction;

/** The tier that interprets. Function bodies are lowered when they are first called. */
public final class Interpreter implements ExecutionTier {
  private static final byte[] NO_MEMORY = {};

  /** Calls, returns and polls until the loop's method is left, so that the JVM can replace it. */
  private static final int ROUNDS = 256;

  /** The interpreter has nothing to choose; the parameter is what all tiers are made with. */
  public Interpreter(EngineConfig config) {}

  @Override
  public void invoke(ExecStore store, WasmFunction function, int sp) {
    int fp = store.fp;
    ModuleInstance instance = store.instance;
    Object waiting = store.waiting;
    FuncInstance host = store.host;
    store.instance = null;
    try {
      CallNode.enter(
          store, function.instance, lowered(function.code), CallNode.Exit.INSTANCE, sp, sp);
      while (store.resume != null) {
        rounds(store);
      }
    } finally {
      // A host function that called in here goes on, or throws, in the frame that called it.
      store.fp = fp;
      store.instance = instance;
      store.waiting = waiting;
      store.host = host;
    }
  }

  /**
   * Goes on with a computation in the instance that it was restored into, up to its end; then its
   * results lie at slot 0.
   */
  public static void resume(
      ExecStore store, ModuleInstance in, Suspended suspended, Answer answer) {
    int fp = store.fp;
    ModuleInstance instance = store.instance;
    try {
      Suspension.restore(store, in, suspended, answer);
      while (store.resume != null) {
        rounds(store);
      }
    } finally {
      store.fp = fp;
      store.instance = instance;
    }
  }

  /** The executable form of a function. */
  static Lowered lowered(FunctionCode code) {
    Object lowered = code.lowered;
    if (lowered == null) {
      synchronized (code) {
        lowered = code.lowered;
        if (lowered == null) {
          lowered = Lowering.lower(code, true);
          code.lowered = lowered;
        }
      }
    }
    return (Lowered) lowered;
  }

  private static void rounds(ExecStore store) {
    Node node = (Node) store.resume;
    ModuleInstance in = store.instance;
    try {
      for (int i = 0; i < ROUNDS && node != null; i++) {
        in = store.instance;
        long[] st = store.stack;
        byte[] mem = in.memory0 == null ? NO_MEMORY : in.memory0.bytes;
        do {
          // The frame changes with calls and returns, which go on without leaving this loop.
          node = node.x(in, st, store.fp, mem);
        } while (node != null);
        node = (Node) store.resume;
      }
    } catch (Throwable thrown) {
      Unwinding.handle(store, in, node, store.fp, thrown);
    }
  }
}
