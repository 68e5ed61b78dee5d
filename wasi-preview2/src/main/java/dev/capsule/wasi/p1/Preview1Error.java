package dev.capsule.wasi.p1;

/** Ends a call with an errno. */
final class Preview1Error extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  Preview1Error(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
