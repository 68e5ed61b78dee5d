package dev.capsule.engine.runtime;

/** An instantiation that the store's {@link StoreLimits} forbid; nothing has been instantiated. */
public final class LimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String limit;
  private final long allowed;
  private final long requested;

  /**
   * @param limit what is limited, as in "memory bytes"
   * @param allowed the limit
   * @param requested what all instances of the store would have held together
   */
  public LimitException(String limit, long allowed, long requested) {
    super(
        "limit of "
            + Long.toUnsignedString(allowed)
            + " "
            + limit
            + " exceeded: "
            + Long.toUnsignedString(requested)
            + " requested");
    this.limit = limit;
    this.allowed = allowed;
    this.requested = requested;
  }

  /** What is limited. */
  public String limit() {
    return limit;
  }

  public long allowed() {
    return allowed;
  }

  /** What was asked for, together with what the store already held; unsigned. */
  public long requested() {
    return requested;
  }
}
