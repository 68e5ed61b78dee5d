package dev.capsule.wasi.p1;

import dev.capsule.engine.runtime.Store;
import dev.capsule.wasi.io.WaitGuard;

/** Waits end with the deadline and the interruption of the store. */
record StoreGuard(Store store) implements WaitGuard {
  @Override
  public void check() {
    store.checkInterruption();
  }

  @Override
  public long remainingNanos() {
    return store.remainingNanos().orElse(Long.MAX_VALUE);
  }

  @Override
  public Registration onInterrupt(Runnable wakeUp) {
    Store.Registration registration = store.onInterrupt(wakeUp);
    return registration::close;
  }
}
