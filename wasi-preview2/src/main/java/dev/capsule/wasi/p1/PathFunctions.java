package dev.capsule.wasi.p1;

import dev.capsule.wasi.filesystem.Descriptor;
import dev.capsule.wasi.filesystem.DescriptorFlags;
import dev.capsule.wasi.filesystem.DescriptorStat;
import dev.capsule.wasi.filesystem.DeviceDescriptor;
import dev.capsule.wasi.filesystem.DirectoryDescriptor;
import dev.capsule.wasi.filesystem.FileDescriptor;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.filesystem.NewTimestamp;
import dev.capsule.wasi.filesystem.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The functions on paths, {@code path_*}. Each answers an errno or throws its error. */
final class PathFunctions {
  private static final int SYMLINK_FOLLOW = 1;
  private static final int CREAT = 1;
  private static final int DIRECTORY = 2;
  private static final int EXCL = 4;
  private static final int TRUNC = 8;

  private final Version version;
  private final HandleTable handles;

  PathFunctions(Version version, HandleTable handles) {
    this.version = version;
    this.handles = handles;
  }

  private Handle.Directory directory(int fd, long right) {
    return switch (handles.get(fd)) {
      case Handle.Directory d -> {
        d.require(right);
        yield d;
      }
      case Handle.File f -> throw new Preview1Error(Errno.NOTDIR);
      case Handle.Dev d -> throw new Preview1Error(Errno.NOTDIR);
      case Handle.Input i -> throw new Preview1Error(Errno.NOTDIR);
      case Handle.Output o -> throw new Preview1Error(Errno.NOTDIR);
    };
  }

  /** Where the path leads whose pointer and length are two of the arguments. */
  private Handle.Place place(Call c, int fd, int path, long right) {
    return directory(c.i32(fd), right).place(c.string(path));
  }

  private static boolean follow(Call c, int index) {
    return (c.flags(index, SYMLINK_FOLLOW) & SYMLINK_FOLLOW) != 0;
  }

  int createDirectory(Call c) {
    Handle.Place at = place(c, 0, 1, Rights.PATH_CREATE_DIRECTORY);
    at.directory().createDirectoryAt(at.path());
    return Errno.SUCCESS;
  }

  int filestatGet(Call c) {
    Handle.Directory fd = directory(c.i32(0), Rights.PATH_FILESTAT_GET);
    boolean follow = follow(c, 1);
    String path = c.string(2);
    c.memory().check(c.pointer(4), version.fileStatSize());
    Handle.Place at = fd.place(path);
    DescriptorStat stat = at.directory().statAt(follow, at.path());
    version.putFileStat(c.memory(), c.pointer(4), stat);
    return Errno.SUCCESS;
  }

  int filestatSetTimes(Call c) {
    Handle.Directory fd = directory(c.i32(0), Rights.PATH_FILESTAT_SET_TIMES);
    boolean follow = follow(c, 1);
    NewTimestamp accessed = FileFunctions.accessed(c, 6, c.i64(4));
    NewTimestamp modified = FileFunctions.modified(c, 6, c.i64(5));
    Handle.Place at = fd.place(c.string(2));
    at.directory().setTimesAt(follow, at.path(), accessed, modified);
    return Errno.SUCCESS;
  }

  int link(Call c) {
    Handle.Directory source = directory(c.i32(0), Rights.PATH_LINK_SOURCE);
    Handle.Directory target = directory(c.i32(4), Rights.PATH_LINK_TARGET);
    boolean follow = follow(c, 1);
    Handle.Place from = source.place(c.string(2));
    Handle.Place to = target.place(c.string(5));
    from.directory().linkAt(follow, from.path(), to.directory(), to.path());
    return Errno.SUCCESS;
  }

  int open(Call c) {
    Handle.Directory at = directory(c.i32(0), Rights.PATH_OPEN);
    boolean follow = follow(c, 1);
    String path = c.string(2);
    int oflags = c.flags(4, CREAT | DIRECTORY | EXCL | TRUNC);
    long rights = c.i64(5);
    int fdflags = c.flags(7, Handle.ALL_FLAGS);
    c.memory().check(c.pointer(8), 4);
    if ((oflags & CREAT) != 0) {
      at.require(Rights.PATH_CREATE_FILE);
    }
    if ((oflags & TRUNC) != 0) {
      at.require(Rights.PATH_FILESTAT_SET_SIZE);
    }
    handles.requireRoom();
    OpenFlags open =
        new OpenFlags(
            (oflags & CREAT) != 0,
            (oflags & DIRECTORY) != 0,
            (oflags & EXCL) != 0,
            (oflags & TRUNC) != 0);
    Handle.Place place = at.place(path);
    Descriptor opened =
        rights == 0
            ? openWithoutRights(place, follow, open, fdflags)
            : place
                .directory()
                .openAt(
                    follow,
                    place.path(),
                    open,
                    access(
                        (rights & Rights.FD_READ) != 0,
                        (rights & Rights.ASKS_WRITE) != 0,
                        fdflags));
    Handle handle =
        switch (opened) {
          case FileDescriptor f -> new Handle.File(f, fdflags);
          case DirectoryDescriptor d -> new Handle.Directory(d, Optional.empty());
          case DeviceDescriptor d -> new Handle.Dev(d, fdflags);
        };
    handle.withhold(at.givenInheriting());
    c.memory().putInt(c.pointer(8), handles.add(handle));
    return Errno.SUCCESS;
  }

  /** A program that asks for no rights at all does not know them: it gets what there is. */
  private static Descriptor openWithoutRights(
      Handle.Place at, boolean follow, OpenFlags open, int fdflags) {
    DirectoryDescriptor directory = at.directory();
    if (!open.directory()) {
      try {
        return directory.openAt(follow, at.path(), open, access(true, true, fdflags));
      } catch (FilesystemException e) {
        switch (e.code()) {
          case IS_DIRECTORY, NOT_PERMITTED, ACCESS, READ_ONLY, TEXT_FILE_BUSY -> {
            // Reading may still be possible, and gives the right error if it is not.
          }
          default -> throw e;
        }
      }
    }
    return directory.openAt(follow, at.path(), open, access(true, false, fdflags));
  }

  private static DescriptorFlags access(boolean read, boolean write, int fdflags) {
    return new DescriptorFlags(
        read,
        write,
        (fdflags & Handle.SYNC) != 0,
        (fdflags & Handle.DSYNC) != 0,
        (fdflags & Handle.RSYNC) != 0,
        false);
  }

  int readlink(Call c) {
    Handle.Directory fd = directory(c.i32(0), Rights.PATH_READLINK);
    String path = c.string(1);
    c.memory().check(c.pointer(3), c.pointer(4));
    c.memory().check(c.pointer(5), 4);
    Handle.Place at = fd.place(path);
    byte[] target = at.directory().readLinkAt(at.path()).getBytes(StandardCharsets.UTF_8);
    int n = (int) Math.min(c.pointer(4), target.length);
    c.memory().write(c.pointer(3), target, 0, n);
    c.memory().putInt(c.pointer(5), n);
    return Errno.SUCCESS;
  }

  int removeDirectory(Call c) {
    Handle.Place at = place(c, 0, 1, Rights.PATH_REMOVE_DIRECTORY);
    at.directory().removeDirectoryAt(at.path());
    return Errno.SUCCESS;
  }

  int rename(Call c) {
    Handle.Directory source = directory(c.i32(0), Rights.PATH_RENAME_SOURCE);
    Handle.Directory target = directory(c.i32(3), Rights.PATH_RENAME_TARGET);
    Handle.Place from = source.place(c.string(1));
    Handle.Place to = target.place(c.string(4));
    from.directory().renameAt(from.path(), to.directory(), to.path());
    return Errno.SUCCESS;
  }

  int symlink(Call c) {
    Handle.Directory fd = directory(c.i32(2), Rights.PATH_SYMLINK);
    String target = c.string(0);
    Handle.Place at = fd.place(c.string(3));
    at.directory().symlinkAt(target, at.path());
    return Errno.SUCCESS;
  }

  int unlinkFile(Call c) {
    Handle.Place at = place(c, 0, 1, Rights.PATH_UNLINK_FILE);
    at.directory().unlinkFileAt(at.path());
    return Errno.SUCCESS;
  }
}
