package dev.capsule.wasi.filesystem;

import java.util.List;
import java.util.Optional;

/**
 * The entries a directory had when the stream was made, sorted by name: so the order is the same on
 * every machine, and a position means the same while the directory changes. Entries that have been
 * removed since are left out.
 */
public final class DirectoryEntryStream implements AutoCloseable {
  private final DirectoryNode directory;
  private final List<String> names;
  private final Grant grant;
  private int next;
  private boolean closed;

  DirectoryEntryStream(DirectoryNode directory, List<String> names, Grant grant) {
    this.directory = directory;
    this.names = names;
    this.grant = grant;
  }

  /** How many entries there are in all. */
  public int size() {
    return names.size();
  }

  /** The entry at a position from 0 on, or nothing if it has been removed since. */
  public Optional<DirectoryEntry> get(int index) {
    String name = names.get(index);
    try {
      DescriptorStat stat = directory.lookup(name);
      return Optional.of(new DirectoryEntry(stat.type(), name, stat.inode()));
    } catch (FilesystemException e) {
      return Optional.empty();
    }
  }

  /** The next entry, or nothing at the end. */
  public Optional<DirectoryEntry> readDirectoryEntry() {
    while (next < size()) {
      Optional<DirectoryEntry> entry = get(next++);
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      grant.quota().returnNames(names.size());
      grant.returnHandle();
      directory.close();
    }
  }
}
