package dev.capsule.wasi.io;

/** What a host call looks at while it waits on behalf of a guest: the deadline and cancellation. */
public interface WaitGuard {
  /** Nothing ever ends the wait. */
  WaitGuard NONE =
      new WaitGuard() {
        @Override
        public void check() {}

        @Override
        public long remainingNanos() {
          return Long.MAX_VALUE;
        }
      };

  /** Returns if the guest may go on waiting; else throws what ends the guest. */
  void check();

  /** Nanoseconds until the deadline, at least 0; {@link Long#MAX_VALUE} if there is none. */
  long remainingNanos();

  /**
   * Asks for {@code wakeUp} to be run when cancellation comes, so that the wait can look at once.
   *
   * @return takes the request back
   */
  default Registration onInterrupt(Runnable wakeUp) {
    return () -> {};
  }

  /** A request that can be taken back. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
