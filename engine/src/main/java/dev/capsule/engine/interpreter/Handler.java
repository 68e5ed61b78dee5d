package dev.capsule.engine.interpreter;

/**
 * Where exceptions go that are thrown in a range of places. In the order of a function's handlers,
 * those of inner blocks come first.
 */
final class Handler {
  /** The tag of a handler that catches every exception. */
  static final int ALL = -1;

  /** The tag of {@code delegate}: only handlers of level {@link #slot} and outside matter. */
  static final int DELEGATE = -2;

  final int from;
  final int to;
  final int tag;

  /** How many blocks the one of this handler lies in. */
  final int level;

  /** The slot that takes the exception's arguments; of {@code DELEGATE} the level of its label. */
  final int slot;

  /** The slot that takes the exception itself, or -1. */
  final int exception;

  private final Jump jump;
  private Node target;

  Handler(int from, int to, int tag, int level, int slot, int exception, Jump jump) {
    this.from = from;
    this.to = to;
    this.tag = tag;
    this.level = level;
    this.slot = slot;
    this.exception = exception;
    this.jump = jump;
  }

  /** The same with places of the module and a linked target. */
  Handler linked(Linker linker, int base) {
    Handler linked = new Handler(base + from, base + to, tag, level, slot, exception, jump);
    if (jump != null) {
      linked.target = linker.at(jump.pc);
    }
    return linked;
  }

  boolean covers(int pc) {
    return pc >= from && pc < to;
  }

  Node target() {
    return target;
  }

  /** What going to the target costs beyond what was executed. */
  int fuel() {
    return jump.fuel;
  }
}
