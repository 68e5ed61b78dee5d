package dev.capsule.wasi.http;

import dev.capsule.wasi.io.Pollable;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.Wakers;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded buffer between a guest, which never blocks in here, and a connection's thread, which
 * does: that is the back-pressure. One writer, one reader.
 */
final class Pipe {
  private static final int CAPACITY = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Wakers wakers = new Wakers();
  private byte[] ring = new byte[4096];
  private int start;
  private int length;
  private boolean ended;
  private boolean abandoned;
  private String failure = "";

  /** Bytes the writer may add now. */
  int room() {
    lock.lock();
    try {
      return CAPACITY - length;
    } finally {
      lock.unlock();
    }
  }

  /** Adds bytes for which there is {@link #room}. */
  void add(ByteBuffer from) {
    lock.lock();
    try {
      int n = from.remaining();
      if (n > CAPACITY - length) {
        throw new IllegalStateException("write of more bytes than permitted");
      }
      if (abandoned) {
        throw StreamException.closed();
      }
      reserve(length + n);
      int end = (start + length) % ring.length;
      int first = Math.min(n, ring.length - end);
      from.get(ring, end, first);
      from.get(ring, 0, n - first);
      length += n;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakers.wakeAll();
  }

  private void reserve(int needed) {
    if (needed > ring.length) {
      byte[] larger = new byte[Math.min(CAPACITY, Math.max(needed, ring.length * 4))];
      int first = Math.min(length, ring.length - start);
      System.arraycopy(ring, start, larger, 0, first);
      System.arraycopy(ring, 0, larger, first, length - first);
      ring = larger;
      start = 0;
    }
  }

  /** Adds all bytes, waiting for room; false if the reader has gone. */
  boolean put(byte[] bytes, int offset, int count) throws InterruptedException {
    int done = 0;
    while (done < count) {
      lock.lockInterruptibly();
      int n;
      try {
        while (length == CAPACITY && !abandoned) {
          changed.await();
        }
        if (abandoned) {
          return false;
        }
        n = Math.min(count - done, CAPACITY - length);
      } finally {
        lock.unlock();
      }
      add(ByteBuffer.wrap(bytes, offset + done, n));
      done += n;
    }
    return true;
  }

  /** Says that no more bytes come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakers.wakeAll();
  }

  /** Says that no more bytes come, because something went wrong. */
  void fail(String reason) {
    lock.lock();
    try {
      if (!ended) {
        failure = reason;
        ended = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakers.wakeAll();
  }

  /** Says that nobody reads any more. */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      length = 0;
      ring = new byte[0];
      start = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakers.wakeAll();
  }

  boolean isAbandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Takes bytes without waiting: how many, 0 if none are there, -1 at the end. */
  int poll(ByteBuffer into) {
    int n;
    lock.lock();
    try {
      if (abandoned) {
        return -1;
      }
      if (length == 0 && ended) {
        if (!failure.isEmpty()) {
          throw StreamException.failed(failure);
        }
        return -1;
      }
      n = Math.min(into.remaining(), length);
      int first = Math.min(n, ring.length - start);
      into.put(ring, start, first);
      into.put(ring, 0, n - first);
      start = length == n ? 0 : (start + n) % ring.length;
      length -= n;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakers.wakeAll();
    return n;
  }

  /** Takes bytes, waiting for the first: how many, -1 at the end. */
  int take(byte[] into) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (length == 0 && !ended && !abandoned) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
    return poll(ByteBuffer.wrap(into));
  }

  private boolean readable() {
    lock.lock();
    try {
      return length > 0 || ended || abandoned;
    } finally {
      lock.unlock();
    }
  }

  private boolean writable() {
    lock.lock();
    try {
      return length < CAPACITY || ended || abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Ready when {@link #poll} has something to say. */
  Pollable whenReadable() {
    return wakers.pollable(this::readable);
  }

  /** Ready when there is room or nobody reads. */
  Pollable whenWritable() {
    return wakers.pollable(this::writable);
  }
}
