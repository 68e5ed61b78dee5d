package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.GlobalInstance;
import dev.capsule.engine.exec.ModuleInstance;

/** Moves of references, and globals that hold references or vectors (spec 4.6.5). */
final class VariableNodes {
  private VariableNodes() {}

  /** A node with one destination, which may be changed while the function is lowered. */
  abstract static class Producer extends Node {
    int d;

    Producer(int d) {
      this.d = d;
    }

    @Override
    final boolean redirect(int from, int to) {
      if (d == from) {
        d = to;
        return true;
      }
      return false;
    }
  }

  static final class MoveRef extends Producer {
    private final int a;

    MoveRef(int d, int a) {
      super(d);
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      Object[] refs = in.store.refs;
      refs[fp + d] = refs[fp + a];
      return next;
    }
  }

  static final class GlobalGetRef extends Producer {
    private final int global;

    GlobalGetRef(int d, int global) {
      super(d);
      this.global = global;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.store.refs[fp + d] = in.globals[global].ref;
      return next;
    }
  }

  static final class GlobalSetRef extends Node {
    private final int global;
    private final int a;

    GlobalSetRef(int global, int a) {
      this.global = global;
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      in.globals[global].ref = in.store.refs[fp + a];
      return next;
    }
  }

  static final class GlobalGetVector extends Producer {
    private final int global;

    GlobalGetVector(int d, int global) {
      super(d);
      this.global = global;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      GlobalInstance from = in.globals[global];
      st[fp + d] = from.bits;
      st[fp + d + 1] = from.high;
      return next;
    }
  }

  static final class GlobalSetVector extends Node {
    private final int global;
    private final int a;

    GlobalSetVector(int global, int a) {
      this.global = global;
      this.a = a;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      GlobalInstance to = in.globals[global];
      to.bits = st[fp + a];
      to.high = st[fp + a + 1];
      return next;
    }
  }
}
