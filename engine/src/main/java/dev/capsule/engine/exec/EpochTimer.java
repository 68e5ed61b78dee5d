package dev.capsule.engine.exec;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes running stores of fuel mode {@code EPOCH} look at deadline and interruption every few
 * milliseconds. One daemon thread for the process, started when first needed.
 */
final class EpochTimer {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Set<ExecStore> RUNNING = ConcurrentHashMap.newKeySet();
  private static final Thread TICKER = new Thread(EpochTimer::tick, "capsule-epoch");

  static {
    TICKER.setDaemon(true);
    TICKER.start();
  }

  private EpochTimer() {}

  static void enter(ExecStore store) {
    RUNNING.add(store);
    LockSupport.unpark(TICKER);
  }

  static void leave(ExecStore store) {
    RUNNING.remove(store);
  }

  private static void tick() {
    while (true) {
      if (RUNNING.isEmpty()) {
        LockSupport.park();
      } else {
        LockSupport.parkNanos(PERIOD_NANOS);
        for (ExecStore store : RUNNING) {
          store.due = true;
        }
      }
    }
  }
}
