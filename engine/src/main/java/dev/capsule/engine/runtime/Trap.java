package dev.capsule.engine.runtime;

import java.util.List;

/**
 * The end of an execution that cannot go on (spec 4.2.1). The store and its instances stay as they
 * were at that moment and stay usable.
 */
public final class Trap extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final TrapKind kind;
  private transient List<Frame> frames = List.of();
  private transient int read;

  /** One activation: innermost first in {@link #frames}. */
  public record Frame(int function, String name, long offset) {
    @Override
    public String toString() {
      return name + " (function " + function + ", offset 0x" + Long.toHexString(offset) + ")";
    }
  }

  public Trap(TrapKind kind) {
    this(kind, kind.toString());
  }

  public Trap(TrapKind kind, String message) {
    super(message, null, false, true);
    this.kind = kind;
  }

  /** Why execution stopped. */
  public TrapKind kind() {
    return kind;
  }

  /** The Wasm stack at the trap, innermost first; offsets are in bytes from the module's start. */
  public List<Frame> frames() {
    return frames == null ? List.of() : frames;
  }

  /** Sets the Wasm stack, once, by the tier that raises the trap. */
  public Trap at(List<Frame> frames) {
    this.frames = List.copyOf(frames);
    return this;
  }

  /**
   * Sets the Wasm stack as far as it is known, by a tier that reads it off the Java stack.
   *
   * @param read how many elements of the Java stack trace have been read
   */
  public Trap at(List<Frame> frames, int read) {
    this.read = read;
    return at(frames);
  }

  /**
   * How many elements of the Java stack trace tiers have read: those further out are of the frames
   * that the trap has not passed yet, perhaps of other stores.
   */
  public int read() {
    return read;
  }
}
