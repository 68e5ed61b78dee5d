package dev.capsule.wasi.p1;

import dev.capsule.wasi.Preopen;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.filesystem.FilesystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The numbers of a guest's open handles: 0 to 2 standard streams, then the preopens. */
final class HandleTable {
  private final int max;
  private final List<Optional<Handle>> handles = new ArrayList<>();
  private final TreeSet<Integer> free = new TreeSet<>();

  HandleTable(WasiContext context) {
    this.max = context.maxHandles();
    add(new Handle.Input(context.stdin()));
    add(new Handle.Output(context.stdout()));
    add(new Handle.Output(context.stderr()));
    if (context.oneRoot()) {
      add(Handle.Directory.root(context));
      return;
    }
    for (Preopen preopen : context.preopens()) {
      add(new Handle.Directory(preopen.directory(), Optional.of(preopen.guestPath())));
    }
  }

  Handle get(int fd) {
    return find(fd).orElseThrow(() -> new Preview1Error(Errno.BADF));
  }

  Optional<Handle> find(int fd) {
    return fd >= 0 && fd < handles.size() ? handles.get(fd) : Optional.empty();
  }

  /** Gives the lowest free number. */
  int add(Handle handle) {
    Integer lowest = free.pollFirst();
    if (lowest != null) {
      handles.set(lowest, Optional.of(handle));
      return lowest;
    }
    if (handles.size() >= max) {
      throw new Preview1Error(Errno.MFILE);
    }
    handles.add(Optional.of(handle));
    return handles.size() - 1;
  }

  /** Fails if {@link #add} would. */
  void requireRoom() {
    if (free.isEmpty() && handles.size() >= max) {
      throw new Preview1Error(Errno.MFILE);
    }
  }

  void close(int fd) {
    Handle handle = get(fd);
    handles.set(fd, Optional.empty());
    free.add(fd);
    handle.close();
  }

  /** Moves a handle to a number that is in use, whose own handle is closed. */
  void renumber(int from, int to) {
    Handle moved = get(from);
    Handle replaced = get(to);
    if (from == to) {
      return;
    }
    handles.set(to, Optional.of(moved));
    handles.set(from, Optional.empty());
    free.add(from);
    replaced.close();
  }

  void closeAll() {
    for (Optional<Handle> handle : handles) {
      try {
        handle.ifPresent(Handle::close);
      } catch (FilesystemException e) {
        // The guest is gone; nobody is left to be told.
        continue;
      }
    }
    handles.clear();
    free.clear();
  }
}
