package dev.capsule.wasi.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes changes to the names of host directories one at a time in this process.
 *
 * <p>The Java library can open, stat, rename and delete relative to an open directory, but can make
 * directories and links, and read links, by path only. Such an operation first checks that the path
 * still leads to the open directory. No guest of this process can pull the path away in between,
 * because every guest's renames, removals and new links take the same lock.
 */
final class HostNamespace {
  /** Something that remembers by which path it was opened. */
  interface Located {
    Path path();

    void moveTo(Path path);
  }

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Set<Located> OPEN = Collections.newSetFromMap(new WeakHashMap<>());

  private HostNamespace() {}

  /** Work on the host's files. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Does the work while nobody else in this process changes names. */
  static <T> T exclusively(Work<T> work) throws IOException {
    LOCK.lock();
    try {
      return work.run();
    } finally {
      LOCK.unlock();
    }
  }

  static void opened(Located located) {
    LOCK.lock();
    try {
      OPEN.add(located);
    } finally {
      LOCK.unlock();
    }
  }

  static void closed(Located located) {
    LOCK.lock();
    try {
      OPEN.remove(located);
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Call inside {@link #exclusively}: a guest renamed something, and whatever is open at or below
   * it is found by the new path now.
   */
  static void moved(Path from, Path to) {
    for (Located located : OPEN) {
      if (located.path().startsWith(from)) {
        Path rest = from.relativize(located.path());
        located.moveTo(rest.toString().isEmpty() ? to : to.resolve(rest));
      }
    }
  }
}
