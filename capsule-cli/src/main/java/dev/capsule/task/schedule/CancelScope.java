package dev.capsule.task.schedule;

import dev.capsule.task.guest.Cancellation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A wish to stop that reaches everything below it. The first reason counts. */
final class CancelScope implements Cancellation {
  /** Why something is to stop. */
  enum Reason {
    /** Its own time was up. */
    TIMEOUT,
    /** Somebody stopped it, or whatever it belonged to is over. */
    CANCELLED
  }

  private final Map<Object, Runnable> actions = new LinkedHashMap<>();
  private final Optional<CancelScope> parent;
  private final Registration above;
  private Reason reason;

  /** A scope below nothing. */
  CancelScope() {
    parent = Optional.empty();
    above = () -> {};
  }

  /** A scope that is cancelled when {@code parent} is to stop. */
  CancelScope(CancelScope parent) {
    this.parent = Optional.of(parent);
    above = parent.onRequest(() -> request(Reason.CANCELLED));
  }

  /** Asks everything in this scope to stop; true if this is the first request. */
  boolean request(Reason why) {
    List<Runnable> wake;
    synchronized (actions) {
      if (reason != null) {
        return false;
      }
      reason = why;
      wake = new ArrayList<>(actions.values());
      actions.clear();
    }
    wake.forEach(Runnable::run);
    return true;
  }

  /** Ends the scope: stops what is left in it and lets go of the scope above. */
  void close() {
    above.close();
    request(Reason.CANCELLED);
  }

  /** Why to stop, if it is to stop. A request above counts from the moment it is made. */
  Optional<Reason> reason() {
    synchronized (actions) {
      if (reason != null) {
        return Optional.of(reason);
      }
    }
    return parent.flatMap(CancelScope::reason).map(aboveReason -> Reason.CANCELLED);
  }

  @Override
  public boolean isRequested() {
    return reason().isPresent();
  }

  @Override
  public Registration onRequest(Runnable action) {
    Object key = new Object();
    synchronized (actions) {
      if (reason == null) {
        actions.put(key, action);
        return () -> {
          synchronized (actions) {
            actions.remove(key);
          }
        };
      }
    }
    action.run();
    return () -> {};
  }
}
