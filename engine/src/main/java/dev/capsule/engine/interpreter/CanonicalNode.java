package dev.capsule.engine.interpreter;

import dev.capsule.engine.exec.CanonicalNan;
import dev.capsule.engine.exec.CanonicalNan.Shape;
import dev.capsule.engine.exec.ModuleInstance;

/** Follows an instruction whose NaNs are open, in engines that are deterministic. */
final class CanonicalNode extends VariableNodes.Producer {
  private final Shape shape;
  private final int a;

  CanonicalNode(Shape shape, int d, int a) {
    super(d);
    this.shape = shape;
    this.a = a;
  }

  @Override
  Node x(ModuleInstance in, long[] st, int fp, byte[] mem) {
    switch (shape) {
      case NONE -> {}
      case F32 -> st[fp + d] = CanonicalNan.f32((int) st[fp + a]);
      case F64 -> st[fp + d] = CanonicalNan.f64(st[fp + a]);
      case F32X4 -> {
        st[fp + d] = CanonicalNan.f32x4(st[fp + a]);
        st[fp + d + 1] = CanonicalNan.f32x4(st[fp + a + 1]);
      }
      case F64X2 -> {
        st[fp + d] = CanonicalNan.f64x2(st[fp + a]);
        st[fp + d + 1] = CanonicalNan.f64x2(st[fp + a + 1]);
      }
    }
    return next;
  }
}
