package dev.capsule.wasi.p1;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.Descriptor;
import dev.capsule.wasi.filesystem.DescriptorType;
import dev.capsule.wasi.filesystem.DeviceDescriptor;
import dev.capsule.wasi.filesystem.DirectoryDescriptor;
import dev.capsule.wasi.filesystem.DirectoryEntryStream;
import dev.capsule.wasi.filesystem.FileDescriptor;
import dev.capsule.wasi.filesystem.HandleQuota;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import java.util.Optional;

/** What a file descriptor number stands for. */
abstract sealed class Handle {
  static final int APPEND = 1;
  static final int DSYNC = 2;
  static final int NONBLOCK = 4;
  static final int RSYNC = 8;
  static final int SYNC = 16;
  static final int ALL_FLAGS = 31;

  private long rights;
  private long inheriting;
  private long given;
  private long givenInheriting;
  int flags;

  Handle(long rights, long inheriting, int flags) {
    this.rights = rights;
    this.inheriting = inheriting;
    this.flags = flags;
  }

  final long rights() {
    return rights;
  }

  final long inheriting() {
    return inheriting;
  }

  /** Rights that were given up here and are not passed on. */
  final long givenInheriting() {
    return givenInheriting;
  }

  /** Gives up what is not in the two sets; a set with more than is there is an error. */
  final void keepRights(long base, long inherited) {
    if ((base & ~rights) != 0 || (inherited & ~inheriting) != 0) {
      throw new Preview1Error(Errno.NOTCAPABLE);
    }
    given |= rights & ~base;
    givenInheriting |= inheriting & ~inherited;
    rights = base;
    inheriting = inherited;
  }

  /** A handle opened through a directory lacks what the directory does not pass on. */
  final void withhold(long withheld) {
    given |= withheld;
    givenInheriting |= withheld;
    rights &= ~withheld;
    inheriting &= ~withheld;
  }

  /** Fails if the program gave up this right. */
  final void require(long right) {
    if ((given & right) != 0) {
      throw new Preview1Error(Errno.NOTCAPABLE);
    }
  }

  abstract int fileType();

  abstract void close();

  static int fileType(DescriptorType type) {
    return switch (type) {
      case UNKNOWN, FIFO, SOCKET -> 0;
      case BLOCK_DEVICE -> 1;
      case CHARACTER_DEVICE -> 2;
      case DIRECTORY -> 3;
      case REGULAR_FILE -> 4;
      case SYMBOLIC_LINK -> 7;
    };
  }

  private static int terminalType(boolean terminal) {
    return fileType(terminal ? DescriptorType.CHARACTER_DEVICE : DescriptorType.UNKNOWN);
  }

  /** Standard input. */
  static final class Input extends Handle {
    final WasiInputStream stream;

    Input(WasiInputStream stream) {
      super(Rights.STREAM | Rights.FD_READ, 0, 0);
      this.stream = stream;
    }

    @Override
    int fileType() {
      return terminalType(stream.isTerminal());
    }

    @Override
    void close() {
      // The stream belongs to the context.
    }
  }

  /** Standard output or error. */
  static final class Output extends Handle {
    final WasiOutputStream stream;

    Output(WasiOutputStream stream) {
      super(Rights.STREAM | Rights.FD_WRITE, 0, 0);
      this.stream = stream;
    }

    @Override
    int fileType() {
      return terminalType(stream.isTerminal());
    }

    @Override
    void close() {
      // The stream belongs to the context.
    }
  }

  /** Anything of a file system. */
  abstract static sealed class Opened extends Handle {
    Opened(long rights, long inheriting, int flags) {
      super(rights, inheriting, flags);
    }

    abstract Descriptor descriptor();

    @Override
    final int fileType() {
      return fileType(descriptor().type());
    }
  }

  /** A regular file and the position in it. */
  static final class File extends Opened {
    final FileDescriptor file;
    long position;

    File(FileDescriptor file, int flags) {
      super(
          Rights.FILE
              & ~(file.flags().read() ? 0 : Rights.FD_READ)
              & ~(file.flags().write() ? 0 : Rights.FILE_WRITING),
          0,
          flags);
      this.file = file;
    }

    @Override
    FileDescriptor descriptor() {
      return file;
    }

    @Override
    void close() {
      file.close();
    }
  }

  /** A device. */
  static final class Dev extends Opened {
    final DeviceDescriptor device;

    Dev(DeviceDescriptor device, int flags) {
      // With seek and tell among its rights no C library takes it for a terminal.
      super(
          Rights.STREAM
              | Rights.FD_SEEK
              | Rights.FD_TELL
              | (device.flags().read() ? Rights.FD_READ : 0)
              | (device.flags().write() ? Rights.FD_WRITE : 0),
          0,
          flags);
      this.device = device;
    }

    @Override
    DeviceDescriptor descriptor() {
      return device;
    }

    @Override
    void close() {
      device.close();
    }
  }

  /** A path that is relative to a directory. */
  record Place(DirectoryDescriptor directory, String path) {}

  /** A directory, its name if it is preopened, and the entries being read. */
  static final class Directory extends Opened {
    final DirectoryDescriptor directory;
    final Optional<String> preopened;
    private final Optional<Mounts> mounts;
    private Optional<DirectoryEntryStream> entries = Optional.empty();

    Directory(DirectoryDescriptor directory, Optional<String> preopened) {
      this(directory, preopened, Optional.empty());
    }

    private Directory(
        DirectoryDescriptor directory, Optional<String> preopened, Optional<Mounts> mounts) {
      super(Rights.DIRECTORY, Rights.DIRECTORY | Rights.FILE, 0);
      this.directory = directory;
      this.preopened = preopened;
      this.mounts = mounts;
    }

    /** The directory that has all of a context's directories below it, and is empty otherwise. */
    static Directory root(WasiContext context) {
      HandleQuota quota = new HandleQuota(2, 0);
      return new Directory(
          MemoryDirectory.create().open(Access.readOnly(), quota, context.clocks()),
          Optional.of("/"),
          Optional.of(new Mounts(context.preopens())));
    }

    /** Where a path leads that is relative to this directory. */
    Place place(String path) {
      return mounts.isPresent() && !path.isEmpty() && !path.startsWith("/")
          ? mounts.get().place(path)
          : new Place(directory, path);
    }

    /** The entries as of the last call with {@code again}. */
    DirectoryEntryStream entries(boolean again) {
      if (again || entries.isEmpty()) {
        entries.ifPresent(DirectoryEntryStream::close);
        entries = Optional.empty();
        entries = Optional.of(directory.readDirectory());
      }
      return entries.get();
    }

    @Override
    DirectoryDescriptor descriptor() {
      return directory;
    }

    @Override
    void close() {
      entries.ifPresent(DirectoryEntryStream::close);
      directory.close();
    }
  }
}
