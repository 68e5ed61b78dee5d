package dev.capsule.engine.interpreter;

final class ExceptionLowering {
  static final class Region {}

  ExceptionLowering(Lowering to) {}

  void open(Lowering.Block b) {
    throw new UnsupportedOperationException();
  }

  void caught(Lowering.Block b, boolean dead) {
    throw new UnsupportedOperationException();
  }

  void close(Lowering.Block b, boolean dead) {
    throw new UnsupportedOperationException();
  }

  void raise() {
    throw new UnsupportedOperationException();
  }

  void raiseReference() {
    throw new UnsupportedOperationException();
  }

  void raiseAgain() {
    throw new UnsupportedOperationException();
  }

  Handler[] handlers(Linker l, int base) {
    return null;
  }
}
