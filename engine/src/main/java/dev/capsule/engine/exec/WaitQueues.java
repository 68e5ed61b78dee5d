package dev.capsule.engine.exec;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The threads that wait at addresses of one shared memory, in order of arrival (threads 4.5). */
final class WaitQueues {
  private final Map<Long, ArrayDeque<Waiter>> queues = new HashMap<>();

  /** A thread that waits; {@code woken} is set under the lock of the queues. */
  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean woken;
  }

  /**
   * {@code memory.atomic.wait}: waits at an address that holds {@code expected}.
   *
   * @param nanos how long to wait at most; negative: for ever
   * @return 0 when woken, 1 if the memory holds something else, 2 when the time was up
   * @throws dev.capsule.engine.runtime.Trap if the deadline passed or the store was interrupted
   */
  int await(
      ExecStore store, SharedMemory memory, int log2, long address, long expected, long nanos) {
    long start = System.nanoTime();
    Waiter waiter = new Waiter();
    synchronized (this) {
      if (memory.atomicLoad(log2, address) != expected) {
        return 1;
      }
      queues.computeIfAbsent(address, a -> new ArrayDeque<>()).add(waiter);
    }
    try {
      while (!waiter.woken) {
        long left = nanos < 0 ? Long.MAX_VALUE : nanos - (System.nanoTime() - start);
        if (left <= 0) {
          break;
        }
        store.park(left);
      }
    } finally {
      leave(address, waiter);
    }
    return waiter.woken ? 0 : 2;
  }

  private synchronized void leave(long address, Waiter waiter) {
    ArrayDeque<Waiter> queue = queues.get(address);
    if (queue != null && queue.remove(waiter) && queue.isEmpty()) {
      queues.remove(address);
    }
  }

  /** {@code memory.atomic.notify}: wakes up to {@code count} (unsigned) threads; says how many. */
  synchronized int wake(long address, int count) {
    ArrayDeque<Waiter> queue = queues.get(address);
    int woken = 0;
    while (queue != null && !queue.isEmpty() && Integer.compareUnsigned(woken, count) < 0) {
      Waiter waiter = queue.remove();
      waiter.woken = true;
      LockSupport.unpark(waiter.thread);
      woken++;
    }
    if (queue != null && queue.isEmpty()) {
      queues.remove(address);
    }
    return woken;
  }
}
