package dev.capsule.engine.exec;

import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Says whose code runs in a thread, in engines that compile before the first call: when the JVM
 * asks for the class of a function that is called, it does not say by which store. Each store has
 * one of these. A store that is called again and again in a thread changes nothing: to find a
 * thread's place, or to write a reference to it, takes as long as a call.
 */
public final class RunningStore {
  /** What ran last in a thread; of Java's own classes, so that threads keep nothing alive. */
  private static final ThreadLocal<AtomicReference<WeakReference<ExecStore>>> LAST =
      ThreadLocal.withInitial(AtomicReference::new);

  private final WeakReference<ExecStore> store;
  private Thread thread;
  private AtomicReference<WeakReference<ExecStore>> place;

  RunningStore(ExecStore store) {
    this.store = new WeakReference<>(store);
  }

  /** The store whose code runs in the current thread, the innermost one. */
  public static Optional<ExecStore> innermost() {
    return Optional.ofNullable(LAST.get().getPlain())
        .map(WeakReference::get)
        .filter(ExecStore::runsHere);
  }

  /**
   * Code of the store begins to run in the current thread.
   *
   * @return what ran there last, for {@link #leave}
   */
  WeakReference<ExecStore> enter(Thread current) {
    if (thread != current) {
      place = LAST.get();
      thread = current;
    }
    WeakReference<ExecStore> last = place.getPlain();
    if (last != store) {
      place.setPlain(store);
    }
    return last;
  }

  /** It has ended: what ran last goes on, if it runs at all. */
  void leave(WeakReference<ExecStore> last) {
    if (last != store && last != null) {
      ExecStore outer = last.get();
      if (outer != null && outer.runsHere()) {
        place.setPlain(last);
      }
    }
  }
}
