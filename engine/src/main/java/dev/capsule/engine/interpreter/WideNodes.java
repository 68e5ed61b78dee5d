package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.ModuleInstance;
import dev.capsule.engine.exec.Numeric;

/** Arithmetic on pairs of numbers (wide-arithmetic proposal). */
final class WideNodes {
  private WideNodes() {}

  static final class Sum extends Node {
    private final boolean minus;
    private final int d;
    private final int a;
    private final int aHigh;
    private final int b;
    private final int bHigh;

    Sum(boolean minus, int d, int a, int aHigh, int b, int bHigh) {
      this.minus = minus;
      this.d = d;
      this.a = a;
      this.aHigh = aHigh;
      this.b = b;
      this.bHigh = bHigh;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      long left = st[fp + a];
      long right = st[fp + b];
      long leftHigh = st[fp + aHigh];
      long rightHigh = st[fp + bHigh];
      if (minus) {
        st[fp + d] = left - right;
        st[fp + d + 1] = leftHigh - rightHigh - Numeric.borrow(left, right);
      } else {
        st[fp + d] = left + right;
        st[fp + d + 1] = leftHigh + rightHigh + Numeric.carry(left, right);
      }
      return next;
    }
  }

  static final class Product extends Node {
    private final boolean signed;
    private final int d;
    private final int a;
    private final int b;

    Product(boolean signed, int d, int a, int b) {
      this.signed = signed;
      this.d = d;
      this.a = a;
      this.b = b;
    }

    @Override
    Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
      long left = st[fp + a];
      long right = st[fp + b];
      st[fp + d] = left * right;
      st[fp + d + 1] = signed ? Numeric.i64MulWideS(left, right) : Numeric.i64MulWideU(left, right);
      return next;
    }
  }
}
