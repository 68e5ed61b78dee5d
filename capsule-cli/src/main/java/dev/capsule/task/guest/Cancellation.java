package dev.capsule.task.guest;

/**
 * Tells a running guest to stop: its time is up, its caller went away, or somebody cancelled it.
 * Timeouts arrive this way too, so a runtime needs no clock of its own.
 */
public interface Cancellation {

  /** Whether the guest is to stop. Never goes back to false. */
  boolean isRequested();

  /**
   * Calls {@code action} once when the guest is to stop, at once if that is so already. The action
   * runs on another thread and must be quick (interrupt the store, wake up a waiting thread).
   * Closing the registration forgets the action.
   */
  Registration onRequest(Runnable action);

  /** An action's place in a {@link Cancellation}. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** A cancellation that never comes. */
  static Cancellation never() {
    return new Cancellation() {
      @Override
      public boolean isRequested() {
        return false;
      }

      @Override
      public Registration onRequest(Runnable action) {
        return () -> {};
      }
    };
  }
}
