package dev.capsule.task.trace;

import dev.capsule.task.project.BuildCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writes the record of a process's tasks to {@code .capsule/trace}. One thread opens the file and
 * writes; it commits what has gathered, at most a hundred times a second. A commit survives the
 * death of the process. If the store cannot be written, that is said once and tasks run on.
 */
public final class TraceStore implements AutoCloseable {
  private static final int MOST_ENTRIES = 50_000;
  private static final int KEPT_ENTRIES = 40_000;
  private static final int QUEUE = 10_000;
  private static final long COMMIT_INTERVAL_MS = 10;

  private final Path directory;
  private final Problems problems;
  private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread writer;
  private volatile boolean broken;

  /** Hears that the store cannot be written. */
  @FunctionalInterface
  public interface Problems {
    /** Called at most once, on the writer's thread. */
    void report(String message);
  }

  private sealed interface Task {}

  private record Put(TraceEntry entry) implements Task {}

  private record Flush(CountDownLatch done, boolean last) implements Task {}

  private TraceStore(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
    this.writer = new Thread(this::write, "capsule-trace");
    writer.setDaemon(true);
  }

  /** The store in a project's {@code .capsule} directory; it is opened in the background. */
  public static TraceStore open(Path privateDirectory, Problems problems) {
    TraceStore store = new TraceStore(directory(privateDirectory), problems);
    store.writer.start();
    return store;
  }

  static Path directory(Path privateDirectory) {
    return privateDirectory.resolve("trace");
  }

  /** Adds an attempt, or replaces what is known of it. Waits only if the writer is far behind. */
  public void put(TraceEntry entry) {
    if (!broken) {
      enqueue(new Put(entry));
    }
  }

  /** Waits until everything that was put so far is written. */
  public void flush() {
    await(new Flush(new CountDownLatch(1), false));
  }

  /** Writes what is left and closes the file. Further puts are ignored. */
  @Override
  public void close() {
    await(new Flush(new CountDownLatch(1), true));
    broken = true;
  }

  private void await(Flush flush) {
    if (writer.isAlive()) {
      enqueue(flush);
      try {
        while (writer.isAlive() && !flush.done.await(50, TimeUnit.MILLISECONDS)) {
          // The writer died, or it is still at it.
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void enqueue(Task task) {
    try {
      while (writer.isAlive() && !queue.offer(task, 50, TimeUnit.MILLISECONDS)) {
        // Full: wait, unless the writer died.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    TraceSlot slot = null;
    try {
      BuildCache.create(directory);
      slot = TraceSlot.take(directory);
      slot.settle();
      if (slot.keep(MOST_ENTRIES) > 0) {
        slot.keep(KEPT_ENTRIES);
      }
      boolean open = true;
      while (open) {
        open = writeBatch(slot);
      }
    } catch (IOException | RuntimeException e) {
      broken = true;
      problems.report("The trace is not written: " + e.getMessage());
      queue.forEach(TraceStore::release);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (slot != null) {
        slot.close();
      }
    }
  }

  private boolean writeBatch(TraceSlot slot) throws InterruptedException {
    List<Task> batch = new ArrayList<>();
    batch.add(queue.take());
    queue.drainTo(batch);
    boolean open = true;
    boolean flush = false;
    for (Task task : batch) {
      switch (task) {
        case Put put -> slot.put(put.entry);
        case Flush wish -> {
          flush = true;
          open &= !wish.last;
        }
      }
    }
    slot.commit();
    if (!open) {
      slot.close();
    }
    batch.forEach(TraceStore::release);
    if (open && !flush) {
      Thread.sleep(COMMIT_INTERVAL_MS);
    }
    return open;
  }

  private static void release(Task task) {
    if (task instanceof Flush flush) {
      flush.done.countDown();
    }
  }

  /** All attempts that the store of a project knows, of this and of other processes, by age. */
  public static List<TraceEntry> list(Path privateDirectory) {
    List<TraceEntry> all = new ArrayList<>();
    for (Path file : TraceSlot.files(directory(privateDirectory))) {
      all.addAll(TraceSlot.read(file));
    }
    all.sort(Comparator.comparing(TraceEntry::id));
    return all;
  }

  /**
   * What pruning did.
   *
   * @param removed attempts
   * @param busy files that were left alone because a process writes to them
   */
  public record Pruned(int removed, int busy) {}

  /** Removes attempts that began before a time, in milliseconds of the epoch. */
  public static Pruned prune(Path privateDirectory, long before) {
    int removed = 0;
    int busy = 0;
    for (Path file : TraceSlot.files(directory(privateDirectory))) {
      var slot = TraceSlot.tryTake(file);
      if (slot.isEmpty()) {
        busy++;
        continue;
      }
      try {
        slot.get().settle();
        removed += slot.get().removeBefore(before);
        slot.get().compact();
      } finally {
        slot.get().close();
      }
    }
    return new Pruned(removed, busy);
  }
}
