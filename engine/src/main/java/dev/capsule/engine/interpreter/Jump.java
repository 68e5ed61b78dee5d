package dev.capsule.engine.interpreter;

/** A branch of a node that is made before its target is known. */
final class Jump {
  /** The target in the function's code. */
  int pc;

  /** What the taken branch costs. */
  int fuel;

  /** Whether it goes back to a loop's header. */
  final boolean back;

  Jump(int pc, int fuel, boolean back) {
    this.pc = pc;
    this.fuel = fuel;
    this.back = back;
  }
}
