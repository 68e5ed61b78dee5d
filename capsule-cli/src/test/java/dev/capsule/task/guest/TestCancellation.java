package dev.capsule.task.guest;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A cancellation that a test requests. */
public final class TestCancellation implements Cancellation {
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean requested;

  /** Requests from a thread of its own: a shared pool may be busy with what is to be cancelled. */
  public void requestAfterMillis(long millis) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
              request();
            });
  }

  public void request() {
    requested = true;
    actions.forEach(Runnable::run);
  }

  @Override
  public boolean isRequested() {
    return requested;
  }

  @Override
  public Registration onRequest(Runnable action) {
    actions.add(action);
    if (requested) {
      action.run();
    }
    return () -> actions.remove(action);
  }
}
