package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One preopened directory's permissions and what is left of its budgets. */
final class Grant {
  private final Access access;
  private final HandleQuota quota;
  private final Clocks clocks;
  private final AtomicLong bytesLeft;
  private final AtomicInteger open = new AtomicInteger();

  Grant(Access access, HandleQuota quota, Clocks clocks) {
    this.access = access;
    this.quota = quota;
    this.clocks = clocks;
    this.bytesLeft = new AtomicLong(access.maxBytesWritten());
  }

  boolean writable() {
    return access.writable();
  }

  void requireWritable() {
    if (!access.writable()) {
      throw new FilesystemException(ErrorCode.NOT_PERMITTED);
    }
  }

  HandleQuota quota() {
    return quota;
  }

  Clocks clocks() {
    return clocks;
  }

  void takeHandle() {
    HandleQuota.take(open, 1, access.maxOpenFiles());
    try {
      quota.takeHandle();
    } catch (FilesystemException e) {
      open.decrementAndGet();
      throw e;
    }
  }

  void returnHandle() {
    open.decrementAndGet();
    quota.returnHandle();
  }

  /** Answers how many of {@code wanted} bytes may still be written, and takes them. */
  long takeBytes(long wanted) {
    while (true) {
      long left = bytesLeft.get();
      long taken = Math.min(left, wanted);
      if (taken == 0 && wanted > 0) {
        throw new FilesystemException(ErrorCode.QUOTA);
      }
      if (bytesLeft.compareAndSet(left, left - taken)) {
        return taken;
      }
    }
  }

  /** Takes exactly {@code wanted} bytes or fails. */
  void takeAllBytes(long wanted) {
    long taken = takeBytes(wanted);
    if (taken < wanted) {
      returnBytes(taken);
      throw new FilesystemException(ErrorCode.QUOTA);
    }
  }

  void returnBytes(long unused) {
    bytesLeft.addAndGet(unused);
  }
}
