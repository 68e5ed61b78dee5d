package dev.capsule.task.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * One file of the store. A process that writes holds the file's lock, so every process has a file
 * of its own; files of ended processes are taken over. That lock also tells whether the writer of
 * an attempt that is not over is still alive.
 */
final class TraceSlot {
  private static final int MOST = 256;
  private static final int RETENTION_MS = 5_000;

  /** Files that this process writes: their locks would be lost by opening them once more. */
  private static final Map<Path, TraceSlot> OWN = new ConcurrentHashMap<>();

  private final Path file;
  private final MVStore store;
  private final MVMap<String, String> entries;
  private final MVMap<String, String> live;

  private TraceSlot(Path file, MVStore store) {
    this.file = file;
    this.store = store;
    this.entries = map(store, "entries");
    this.live = map(store, "live");
  }

  /** The file of that number. */
  static Path file(Path directory, int number) {
    return directory.resolve("slot-" + number + ".mv");
  }

  /** All files that there are. */
  static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    for (int number = 0; number < MOST; number++) {
      if (Files.isRegularFile(file(directory, number))) {
        files.add(file(directory, number));
      }
    }
    return files;
  }

  /** Opens the first file that nobody writes, for writing. */
  static TraceSlot take(Path directory) {
    for (int number = 0; number < MOST; number++) {
      Optional<TraceSlot> slot = tryTake(file(directory, number));
      if (slot.isPresent()) {
        return slot.get();
      }
    }
    throw new TraceException("more than " + MOST + " processes write to " + directory);
  }

  /** Opens a file for writing unless somebody else does; a damaged one is put aside. */
  static Optional<TraceSlot> tryTake(Path file) {
    if (OWN.containsKey(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(open(file));
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        return Optional.empty();
      }
      putAside(file, e);
      return Optional.of(open(file));
    }
  }

  private static TraceSlot open(Path file) {
    MVStore store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
    store.setRetentionTime(RETENTION_MS);
    TraceSlot slot = new TraceSlot(file, store);
    OWN.put(file, slot);
    return slot;
  }

  private static void putAside(Path file, MVStoreException cause) {
    try {
      Files.move(
          file,
          file.resolveSibling(
              file.getFileName() + ".damaged-" + TraceId.next(System.currentTimeMillis())));
    } catch (IOException e) {
      e.addSuppressed(cause);
      throw new TraceException("cannot open " + file + ": " + cause.getMessage(), e);
    }
  }

  /** What a file holds, read from a copy so that its writer is not disturbed. */
  static List<TraceEntry> read(Path file) {
    TraceSlot own = OWN.get(file);
    Optional<List<TraceEntry>> written = own == null ? Optional.empty() : own.listUnlessClosed();
    if (written.isPresent()) {
      return written.get();
    }
    Path copy = null;
    try {
      boolean deadBefore = isUnlocked(file);
      copy = Files.createTempFile("capsule-trace", ".mv");
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      boolean dead = deadBefore && isUnlocked(file);
      if (Files.size(copy) == 0) {
        return List.of();
      }
      try (MVStore store = new MVStore.Builder().fileName(copy.toString()).readOnly().open()) {
        if (!store.hasMap("entries")) {
          return List.of();
        }
        return new TraceSlot(copy, store).list(!dead);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | MVStoreException e) {
      throw new TraceException("cannot read " + file + ": " + e.getMessage(), e);
    } finally {
      delete(copy);
    }
  }

  private static void delete(Path copy) {
    if (copy != null) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        copy.toFile().deleteOnExit();
      }
    }
  }

  private static boolean isUnlocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private synchronized Optional<List<TraceEntry>> listUnlessClosed() {
    return store.isClosed() ? Optional.empty() : Optional.of(list(true));
  }

  private List<TraceEntry> list(boolean alive) {
    List<TraceEntry> list = new ArrayList<>();
    for (String json : entries.values()) {
      TraceEntry entry = TraceEntry.fromJson(json);
      list.add(alive || entry.state().isFinal() ? entry : entry.interrupted());
    }
    return list;
  }

  /** Marks what a dead process left unfinished; gives how many attempts that were. */
  int settle() {
    int count = 0;
    for (String id : List.copyOf(live.keySet())) {
      String json = entries.get(id);
      if (json != null) {
        entries.put(id, TraceEntry.fromJson(json).interrupted().toJson());
        count++;
      }
      live.remove(id);
    }
    return count;
  }

  /** Adds or replaces an attempt. */
  void put(TraceEntry entry) {
    entries.put(entry.id(), entry.toJson());
    if (entry.state().isFinal()) {
      live.remove(entry.id());
    } else {
      live.put(entry.id(), "");
    }
  }

  /** Removes the oldest attempts so that at most {@code most} stay. */
  int keep(int most) {
    int count = 0;
    while (entries.size() > most) {
      entries.remove(entries.firstKey());
      count++;
    }
    return count;
  }

  /** Removes attempts that began before a time, in milliseconds of the epoch. */
  int removeBefore(long time) {
    String end = TraceId.next(Math.max(0, time), 0);
    int count = 0;
    String first = entries.firstKey();
    while (first != null && first.compareTo(end) < 0) {
      entries.remove(first);
      live.remove(first);
      first = entries.firstKey();
      count++;
    }
    return count;
  }

  void commit() {
    store.commit();
  }

  /** Gives unused space back. */
  void compact() {
    store.setRetentionTime(0);
    store.commit();
    store.compactFile(2_000);
  }

  /** Whoever lists meanwhile has it open to the end, or finds a file that nobody writes. */
  synchronized void close() {
    store.close();
    OWN.remove(file, this);
  }

  private static MVMap<String, String> map(MVStore store, String name) {
    return store.openMap(
        name,
        new MVMap.Builder<String, String>()
            .keyType(StringDataType.INSTANCE)
            .valueType(StringDataType.INSTANCE));
  }
}
