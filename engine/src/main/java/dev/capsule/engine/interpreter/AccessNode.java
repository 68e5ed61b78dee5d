package dev.capsule.engine.interpreter;

import dev.capsule.engine.runtime.TrapKind;

/** An access to the memory's array, checked against the memory's size. */
abstract class AccessNode extends Node {
  @Override
  final TrapKind outOfBounds() {
    return TrapKind.OUT_OF_BOUNDS_MEMORY;
  }
}
