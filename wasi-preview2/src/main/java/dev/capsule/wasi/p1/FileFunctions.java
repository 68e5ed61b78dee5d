package dev.capsule.wasi.p1;

import dev.capsule.wasi.clocks.Datetime;
import dev.capsule.wasi.filesystem.DescriptorStat;
import dev.capsule.wasi.filesystem.DescriptorType;
import dev.capsule.wasi.filesystem.DirectoryEntry;
import dev.capsule.wasi.filesystem.DirectoryEntryStream;
import dev.capsule.wasi.filesystem.NewTimestamp;
import dev.capsule.wasi.io.WaitGuard;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The functions on open handles, {@code fd_*}. Each answers an errno or throws its error. */
final class FileFunctions {
  private static final int ATIM = 1;
  private static final int ATIM_NOW = 2;
  private static final int MTIM = 4;
  private static final int MTIM_NOW = 8;
  private static final int DIRENT_SIZE = 24;
  private static final int MAX_ADVICE = 5;
  private static final Datetime NEVER = new Datetime(0, 0);

  private final Version version;
  private final HandleTable handles;
  private final WaitGuard guard;

  FileFunctions(Version version, HandleTable handles, WaitGuard guard) {
    this.version = version;
    this.handles = handles;
    this.guard = guard;
  }

  private Handle.File file(int fd, int ifDirectory, int otherwise) {
    return switch (handles.get(fd)) {
      case Handle.File f -> f;
      case Handle.Directory d -> throw new Preview1Error(ifDirectory);
      case Handle.Dev d -> throw new Preview1Error(otherwise);
      case Handle.Input i -> throw new Preview1Error(otherwise);
      case Handle.Output o -> throw new Preview1Error(otherwise);
    };
  }

  int advise(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.SPIPE);
    file.require(Rights.FD_ADVISE);
    boolean known = Integer.compareUnsigned(c.i32(3), MAX_ADVICE) <= 0;
    if (!known || c.i64(1) < 0 || c.i64(2) < 0 || c.i64(1) + c.i64(2) < 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    return Errno.SUCCESS;
  }

  int allocate(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.SPIPE);
    file.require(Rights.FD_ALLOCATE);
    file.file.allocate(c.i64(1), c.i64(2));
    return Errno.SUCCESS;
  }

  int close(Call c) {
    handles.close(c.i32(0));
    return Errno.SUCCESS;
  }

  int datasync(Call c) {
    return sync(c.i32(0), Rights.FD_DATASYNC, false);
  }

  int sync(Call c) {
    return sync(c.i32(0), Rights.FD_SYNC, true);
  }

  private int sync(int fd, long right, boolean metadata) {
    Handle handle = handles.get(fd);
    handle.require(right);
    switch (handle) {
      case Handle.Opened o -> o.descriptor().sync(metadata);
      case Handle.Output o -> o.stream.blockingFlush(guard);
      case Handle.Input i -> throw new Preview1Error(Errno.INVAL);
    }
    return Errno.SUCCESS;
  }

  int fdstatGet(Call c) {
    Handle handle = handles.get(c.i32(0));
    GuestMemory memory = c.memory();
    long to = c.pointer(1);
    memory.check(to, 24);
    memory.putLong(to, handle.fileType() | (long) handle.flags << 16);
    memory.putLong(to + 8, handle.rights());
    memory.putLong(to + 16, handle.inheriting());
    return Errno.SUCCESS;
  }

  int fdstatSetFlags(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_FDSTAT_SET_FLAGS);
    int flags = c.flags(1, Handle.ALL_FLAGS);
    // How strictly data is written was settled when the file was opened.
    int settled = Handle.DSYNC | Handle.RSYNC | Handle.SYNC;
    if (((flags ^ handle.flags) & settled) != 0) {
      throw new Preview1Error(Errno.NOTSUP);
    }
    handle.flags = flags;
    return Errno.SUCCESS;
  }

  int fdstatSetRights(Call c) {
    handles.get(c.i32(0)).keepRights(c.i64(1), c.i64(2));
    return Errno.SUCCESS;
  }

  int filestatGet(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_FILESTAT_GET);
    c.memory().check(c.pointer(1), version.fileStatSize());
    DescriptorStat stat =
        handle instanceof Handle.Opened o
            ? o.descriptor().stat()
            : new DescriptorStat(
                handle.fileType() == Handle.fileType(DescriptorType.CHARACTER_DEVICE)
                    ? DescriptorType.CHARACTER_DEVICE
                    : DescriptorType.UNKNOWN,
                1,
                0,
                NEVER,
                NEVER,
                NEVER,
                0,
                c.i32(0) + 1L);
    version.putFileStat(c.memory(), c.pointer(1), stat);
    return Errno.SUCCESS;
  }

  int filestatSetSize(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.INVAL);
    file.require(Rights.FD_FILESTAT_SET_SIZE);
    file.file.setSize(c.i64(1));
    return Errno.SUCCESS;
  }

  int filestatSetTimes(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_FILESTAT_SET_TIMES);
    NewTimestamp accessed = accessed(c, 3, c.i64(1));
    NewTimestamp modified = modified(c, 3, c.i64(2));
    if (!(handle instanceof Handle.Opened opened)) {
      throw new Preview1Error(Errno.NOTSUP);
    }
    opened.descriptor().setTimes(accessed, modified);
    return Errno.SUCCESS;
  }

  static NewTimestamp accessed(Call c, int flags, long time) {
    return timestamp(c, flags, ATIM, ATIM_NOW, time);
  }

  static NewTimestamp modified(Call c, int flags, long time) {
    return timestamp(c, flags, MTIM, MTIM_NOW, time);
  }

  private static NewTimestamp timestamp(Call c, int index, int set, int now, long time) {
    int flags = c.flags(index, ATIM | ATIM_NOW | MTIM | MTIM_NOW);
    boolean toValue = (flags & set) != 0;
    boolean toNow = (flags & now) != 0;
    if (toValue && toNow) {
      throw new Preview1Error(Errno.INVAL);
    }
    if (toNow) {
      return new NewTimestamp.Now();
    }
    return toValue
        ? new NewTimestamp.Timestamp(Datetime.ofNanos(time))
        : new NewTimestamp.NoChange();
  }

  int read(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_READ);
    IoVectors vectors = c.vectors(1);
    c.memory().check(c.pointer(3), 4);
    int n =
        switch (handle) {
          case Handle.File f -> {
            int got = vectors.fill((b, done) -> f.file.read(b, f.position + done), guard);
            f.position += got;
            // Also tells a handle that may not read from an empty buffer.
            if (vectors.total() == 0 && !f.file.flags().read()) {
              throw new Preview1Error(Errno.BADF);
            }
            yield got;
          }
          case Handle.Dev d ->
              vectors.fill((b, done) -> done > 0 ? 0 : d.device.read(b, guard), guard);
          case Handle.Input i -> readStream(i, vectors);
          case Handle.Output o -> throw new Preview1Error(Errno.BADF);
          case Handle.Directory d -> throw new Preview1Error(Errno.ISDIR);
        };
    c.memory().putInt(c.pointer(3), n);
    return Errno.SUCCESS;
  }

  private int readStream(Handle.Input input, IoVectors vectors) {
    boolean blocks = (input.flags & Handle.NONBLOCK) == 0;
    return vectors.fill(
        (bytes, done) -> {
          if (done > 0) {
            return input.stream.read(bytes);
          }
          int n = blocks ? input.stream.blockingRead(bytes, guard) : input.stream.read(bytes);
          if (n == 0 && bytes.hasRemaining()) {
            throw new Preview1Error(Errno.AGAIN);
          }
          return n;
        },
        guard);
  }

  int pread(Call c) {
    Handle.File file = file(c.i32(0), Errno.ISDIR, Errno.SPIPE);
    file.require(Rights.FD_READ);
    IoVectors vectors = c.vectors(1);
    c.memory().check(c.pointer(4), 4);
    long offset = c.i64(3);
    if (offset < 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    int n =
        vectors.fill((b, done) -> offset + done < 0 ? -1 : file.file.read(b, offset + done), guard);
    c.memory().putInt(c.pointer(4), n);
    return Errno.SUCCESS;
  }

  int write(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_WRITE);
    IoVectors vectors = c.vectors(1);
    c.memory().check(c.pointer(3), 4);
    int n =
        switch (handle) {
          case Handle.File f -> writeFile(f, vectors);
          case Handle.Dev d -> vectors.drain((b, done) -> d.device.write(b, guard), guard);
          case Handle.Output o ->
              vectors.drain(
                  (b, done) -> {
                    int all = b.remaining();
                    o.stream.blockingWriteAndFlush(b, guard);
                    return all;
                  },
                  guard);
          case Handle.Input i -> throw new Preview1Error(Errno.BADF);
          case Handle.Directory d -> throw new Preview1Error(Errno.BADF);
        };
    c.memory().putInt(c.pointer(3), n);
    return Errno.SUCCESS;
  }

  private int writeFile(Handle.File file, IoVectors vectors) {
    if (!file.file.flags().write()) {
      throw new Preview1Error(Errno.BADF);
    }
    if ((file.flags & Handle.APPEND) != 0) {
      int n = vectors.drain((b, done) -> file.file.append(b), guard);
      file.position = file.file.size();
      return n;
    }
    int n = vectors.drain((b, done) -> file.file.write(b, file.position + done), guard);
    file.position += n;
    return n;
  }

  int pwrite(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.SPIPE);
    file.require(Rights.FD_WRITE);
    IoVectors vectors = c.vectors(1);
    c.memory().check(c.pointer(4), 4);
    long offset = c.i64(3);
    if (offset < 0) {
      throw new Preview1Error(Errno.INVAL);
    }
    int n = vectors.drain((b, done) -> file.file.write(b, offset + done), guard);
    c.memory().putInt(c.pointer(4), n);
    return Errno.SUCCESS;
  }

  private Handle.Directory preopened(int fd) {
    if (handles.get(fd) instanceof Handle.Directory d && d.preopened.isPresent()) {
      return d;
    }
    throw new Preview1Error(Errno.BADF);
  }

  private static byte[] preopenName(Handle.Directory directory) {
    return directory.preopened.orElseThrow().getBytes(StandardCharsets.UTF_8);
  }

  int prestatGet(Call c) {
    byte[] name = preopenName(preopened(c.i32(0)));
    c.memory().check(c.pointer(1), 8);
    c.memory().putInt(c.pointer(1), 0);
    c.memory().putInt(c.pointer(1) + 4, name.length);
    return Errno.SUCCESS;
  }

  int prestatDirName(Call c) {
    byte[] name = preopenName(preopened(c.i32(0)));
    if (c.pointer(2) < name.length) {
      throw new Preview1Error(Errno.NAMETOOLONG);
    }
    c.memory().write(c.pointer(1), name, 0, name.length);
    return Errno.SUCCESS;
  }

  /** Cookies are positions: 0 is ".", 1 is "..", then the entries sorted by name. */
  int readdir(Call c) {
    Handle handle = handles.get(c.i32(0));
    handle.require(Rights.FD_READDIR);
    if (!(handle instanceof Handle.Directory directory)) {
      throw new Preview1Error(handle instanceof Handle.File ? Errno.NOTDIR : Errno.BADF);
    }
    long to = c.pointer(1);
    long size = c.pointer(2);
    long cookie = c.i64(3);
    c.memory().check(to, size);
    c.memory().check(c.pointer(4), 4);
    DirectoryEntryStream entries = directory.entries(cookie == 0);
    long used = 0;
    for (long at = cookie; used < size && at >= 0 && at < entries.size() + 2L; at++) {
      Optional<DirectoryEntry> entry = entry(directory, entries, (int) at);
      if (entry.isPresent()) {
        used += putDirent(c.memory(), to + used, size - used, at + 1, entry.get());
        guard.check();
      }
    }
    c.memory().putInt(c.pointer(4), (int) used);
    return Errno.SUCCESS;
  }

  private static Optional<DirectoryEntry> entry(
      Handle.Directory directory, DirectoryEntryStream entries, int at) {
    if (at >= 2) {
      return entries.get(at - 2);
    }
    long inode = directory.directory.stat().inode();
    return Optional.of(new DirectoryEntry(DescriptorType.DIRECTORY, at == 0 ? "." : "..", inode));
  }

  /** Writes as much of the entry as fits. */
  private static long putDirent(
      GuestMemory memory, long to, long room, long next, DirectoryEntry entry) {
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    byte[] dirent = new byte[DIRENT_SIZE + name.length];
    ByteBuffer.wrap(dirent)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(next)
        .putLong(entry.inode())
        .putInt(name.length)
        .putInt(Handle.fileType(entry.type()))
        .put(name);
    int n = (int) Math.min(room, dirent.length);
    memory.write(to, dirent, 0, n);
    return n;
  }

  int renumber(Call c) {
    handles.renumber(c.i32(0), c.i32(1));
    return Errno.SUCCESS;
  }

  int seek(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.SPIPE);
    Version.Whence whence = version.whence(c.i32(2));
    boolean tells = whence == Version.Whence.CUR && c.i64(1) == 0;
    file.require(tells ? Rights.FD_TELL : Rights.FD_SEEK);
    c.memory().check(c.pointer(3), 8);
    long base =
        switch (whence) {
          case SET -> 0;
          case CUR -> file.position;
          case END -> file.file.size();
        };
    long position = base + c.i64(1);
    if (position < 0) {
      // The base is never negative, so adding a positive number can only overflow.
      throw new Preview1Error(c.i64(1) > 0 ? Errno.OVERFLOW : Errno.INVAL);
    }
    file.position = position;
    c.memory().putLong(c.pointer(3), position);
    return Errno.SUCCESS;
  }

  int tell(Call c) {
    Handle.File file = file(c.i32(0), Errno.BADF, Errno.SPIPE);
    file.require(Rights.FD_TELL);
    c.memory().putLong(c.pointer(1), file.position);
    return Errno.SUCCESS;
  }
}
