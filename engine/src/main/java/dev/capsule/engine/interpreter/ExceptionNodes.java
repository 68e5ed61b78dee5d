package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ExceptionOps;
import dev.capsule.engine.exec.ModuleInstance;

/** The instructions that throw (spec 4.6.10). */
final class ExceptionNodes {
  private ExceptionNodes() {}

  static final class Throw extends Node {
    private final int tag;
    private final int args;
    private final int w;

    Throw(int tag, int args, int w) {
      this.tag = tag;
      this.args = args;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      throw ExceptionOps.create(in.store, in.tags[tag], st, in.store.refs, fp + args);
    }
  }

  /** {@code throw_ref} and {@code rethrow}. */
  static final class ThrowRef extends Node {
    private final int exception;
    private final int w;

    ThrowRef(int exception, int w) {
      this.exception = exception;
      this.w = w;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.fuel -= w;
      throw ExceptionOps.rethrow(in.store.refs[fp + exception]);
    }
  }
}
