package dev.capsule.engine.exec;

import dev.capsule.engine.runtime.Trap;
import dev.capsule.engine.runtime.TrapKind;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts the bytes of a store's structs and arrays. Objects are counted in batches: all objects of
 * a batch hold its token, and when the JVM finds the token unreachable, the whole batch is gone. So
 * an allocation costs a subtraction, and the count is an estimate from above.
 */
public final class GcHeap {
  private static final int LARGEST_BATCH = 64 * 1024;
  private static final int SMALLEST_BATCH = 1024;

  /** Forced collections of the whole process keep this distance, and ten times their duration. */
  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * Garbage that may be there in addition to the limit, so that the JVM need not be made to collect
   * whenever a small store has produced its limit: this much, or half of the limit if that is more.
   */
  private static final long SLACK = 32 << 20;

  /** The JVM is not waited for any longer that way; it may have been told not to collect at all. */
  private static final long MOST_MILLIS = 5_000;

  private static final long LOOK_MILLIS = 20;

  private static long nextCollection = System.nanoTime();

  private final ExecStore store;
  private final long limit;

  /** What live objects and garbage may take together. */
  private final long ceiling;

  private final int batchBytes;
  private final ReferenceQueue<Object> dead = new ReferenceQueue<>();
  private final Set<Batch> batches = new HashSet<>();
  private long live;
  private final Object identity = new Object();
  private Token token = new Token(identity);
  private long left;

  GcHeap(ExecStore store, long limit) {
    this.store = store;
    this.limit = limit;
    this.ceiling = limit + Math.min(Long.MAX_VALUE - limit, Math.max(SLACK, limit / 2));
    this.batchBytes = (int) Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, limit / 64));
  }

  /**
   * Counts an object that is about to be made.
   *
   * @return the token that the object must hold
   * @throws Trap of kind {@code OUT_OF_MEMORY} if the limit is reached
   */
  public Object charge(long bytes) {
    if (bytes <= left) {
      left -= bytes;
      return token;
    }
    return newBatch(bytes);
  }

  /** Whether an object that holds a token was made in another store. */
  boolean isForeign(Object batch) {
    return !(batch instanceof Token of) || of.heap != identity;
  }

  /** Bytes of batches that are not known to be dead. */
  long live() {
    expunge();
    return live - left;
  }

  private Object newBatch(long bytes) {
    expunge();
    // A large object gets a batch of its own, and the current batch goes on after it.
    boolean own = bytes > batchBytes / 4;
    long size = own ? bytes : batchBytes;
    if (size > limit) {
      throw new Trap(TrapKind.OUT_OF_MEMORY);
    }
    if (size > ceiling - live) {
      collect(size);
    }
    Token fresh = new Token(identity);
    live += size;
    batches.add(new Batch(fresh, dead, size));
    if (!own) {
      token = fresh;
      left = size - bytes;
    }
    return fresh;
  }

  private void expunge() {
    for (Reference<?> gone = dead.poll(); gone != null; gone = dead.poll()) {
      forget(gone);
    }
  }

  private void forget(Reference<?> gone) {
    Batch batch = (Batch) gone;
    live -= batch.bytes;
    batches.remove(batch);
  }

  /**
   * Asks the JVM to collect, and traps if more than the limit is live. The JVM tells of the dead
   * later, from a thread of its own: of those that one collection has found in any order, but of
   * all of them before those of the next.
   */
  private void collect(long size) {
    awaitTurn();
    if (hearOfTheDead(size) && size > limit - live) {
      hearOfTheDead(size);
    }
    if (size > limit - live) {
      throw new Trap(TrapKind.OUT_OF_MEMORY);
    }
  }

  /**
   * Collects, and waits until the JVM has told of one that died just before, or until there is room
   * without it; false if it has not.
   */
  private boolean hearOfTheDead(long size) {
    Batch last = new Batch(new Token(identity), dead, 0);
    long start = System.nanoTime();
    System.gc();
    finished(System.nanoTime() - start);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
    boolean told = false;
    while (!told && size > limit - live && System.nanoTime() - end < 0) {
      store.checkInterruption();
      try {
        Reference<?> gone = dead.remove(LOOK_MILLIS);
        if (gone != null) {
          forget(gone);
          told = gone == last;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Reference.reachabilityFence(last);
    expunge();
    return told;
  }

  private void awaitTurn() {
    while (true) {
      long wait;
      synchronized (GcHeap.class) {
        wait = nextCollection - System.nanoTime();
      }
      if (wait <= 0) {
        return;
      }
      store.park(wait);
    }
  }

  private static void finished(long duration) {
    synchronized (GcHeap.class) {
      nextCollection = System.nanoTime() + Math.max(MIN_PAUSE_NANOS, 10 * duration);
    }
  }

  /** What the objects of a batch hold; it tells of its heap, without keeping that alive. */
  private static final class Token {
    final Object heap;

    Token(Object heap) {
      this.heap = heap;
    }
  }

  private static final class Batch extends PhantomReference<Object> {
    final long bytes;

    Batch(Object token, ReferenceQueue<Object> queue, long bytes) {
      super(token, queue);
      this.bytes = bytes;
    }
  }
}
