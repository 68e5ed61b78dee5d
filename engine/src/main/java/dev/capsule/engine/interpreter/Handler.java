package dev.capsule.engine.interpreter;

/** Where exceptions thrown in a range of places go; in order, inner ranges come first. */
final class Handler {
  final int from;
  int to;

  /** The tag that is caught, or -1 for every exception. */
  final int tag;

  /** The slot that takes the exception's arguments. */
  final int slot;

  /** The slot that takes the exception itself, or -1. */
  final int exception;

  /** What the place of the target has already been charged. */
  int credit;

  Jump jump;
  Node target;

  Handler(int from, int tag, int slot, int exception) {
    this.from = from;
    this.tag = tag;
    this.slot = slot;
    this.exception = exception;
  }
}
