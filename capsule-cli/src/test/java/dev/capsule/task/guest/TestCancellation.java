package dev.capsule.task.guest;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A cancellation that a test requests. */
public final class TestCancellation implements Cancellation {
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean requested;

  public void requestAfterMillis(long millis) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(this::request);
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
