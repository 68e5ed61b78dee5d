package dev.capsule.engine.interpreter;

/** What came out of a tail call: the frame that made it is gone, so it goes on at the caller. */
final class CallerFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient CallNode site;

  /** The caller's frame. */
  final int fp;

  CallerFault(Throwable cause, CallNode site, int fp) {
    super(null, cause, false, false);
    this.site = site;
    this.fp = fp;
  }
}
