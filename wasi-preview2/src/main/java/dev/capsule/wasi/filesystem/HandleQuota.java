package dev.capsule.wasi.filesystem;

import java.util.concurrent.atomic.AtomicInteger;

/** What one guest may make the host hold open: handles, and names read from directories. */
public final class HandleQuota {
  private final int maxHandles;
  private final int maxNames;
  private final AtomicInteger handles = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();

  /** At most so many open handles, and so many names in open directory streams. */
  public HandleQuota(int maxHandles, int maxNames) {
    this.maxHandles = maxHandles;
    this.maxNames = maxNames;
  }

  void takeHandle() {
    take(handles, 1, maxHandles);
  }

  void returnHandle() {
    handles.decrementAndGet();
  }

  void takeNames(int count) {
    take(names, count, maxNames);
  }

  void returnNames(int count) {
    names.addAndGet(-count);
  }

  int namesLeft() {
    return Math.max(0, maxNames - names.get());
  }

  static void take(AtomicInteger counter, int count, int max) {
    if (counter.addAndGet(count) > max) {
      counter.addAndGet(-count);
      throw FilesystemException.tooManyOpenFiles();
    }
  }
}
