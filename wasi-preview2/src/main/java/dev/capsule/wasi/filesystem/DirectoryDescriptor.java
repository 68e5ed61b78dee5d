package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An open directory, and everything that is done below it by path. Paths are relative to it and
 * never lead out of it: those that try fail with {@link ErrorCode#NOT_PERMITTED}, as do changes in
 * a read-only preopen.
 */
public final class DirectoryDescriptor implements Descriptor {
  private final DirectoryNode node;
  private final Grant grant;
  private boolean closed;

  private DirectoryDescriptor(DirectoryNode node, Grant grant) {
    this.node = node;
    this.grant = grant;
  }

  /** Takes over an open node as a preopened directory. */
  static DirectoryDescriptor preopened(
      DirectoryNode node, Access access, HandleQuota quota, Clocks clocks) {
    Grant grant = new Grant(access, quota, clocks);
    try {
      grant.takeHandle();
    } catch (FilesystemException e) {
      node.close();
      throw e;
    }
    return new DirectoryDescriptor(node, grant);
  }

  @Override
  public DescriptorType type() {
    return DescriptorType.DIRECTORY;
  }

  @Override
  public DescriptorFlags flags() {
    return new DescriptorFlags(true, false, false, false, false, grant.writable());
  }

  @Override
  public DescriptorStat stat() {
    return node.stat();
  }

  @Override
  public void setTimes(NewTimestamp accessed, NewTimestamp modified) {
    grant.requireWritable();
    node.setTimes(accessed, modified, grant.clocks());
  }

  @Override
  public void sync(boolean metadata) {
    // The Java library has no way to sync a directory; the operation is a request only.
  }

  @Override
  public boolean isSameObject(Descriptor other) {
    return other instanceof DirectoryDescriptor d && d.node.identity().equals(node.identity());
  }

  /**
   * Opens a file, directory or device.
   *
   * @param follow whether a symbolic link as the last component is followed
   */
  public Descriptor openAt(boolean follow, String path, OpenFlags open, DescriptorFlags wanted) {
    boolean excl = open.create() && open.exclusive();
    try (Resolved at = Resolved.of(node, path, !excl && followed(follow, path))) {
      Optional<DescriptorStat> entry = at.lookup();
      if (entry.isEmpty()) {
        return create(at, open, wanted);
      }
      if (excl) {
        throw new FilesystemException(ErrorCode.EXIST);
      }
      return switch (entry.get().type()) {
        case DIRECTORY -> openDirectory(at, open, wanted);
        case REGULAR_FILE -> openFile(at, open, wanted);
        case CHARACTER_DEVICE -> openDevice(at, entry.get(), open, wanted);
        case SYMBOLIC_LINK -> throw new FilesystemException(ErrorCode.LOOP);
        // Opening a pipe of the host could block for ever, and devices of the host are not files.
        default -> throw new FilesystemException(ErrorCode.NOT_PERMITTED);
      };
    }
  }

  /** A trailing slash asks for what a link names, as in POSIX. */
  private static boolean followed(boolean follow, String path) {
    return follow || path.endsWith("/");
  }

  private Descriptor create(Resolved at, OpenFlags open, DescriptorFlags wanted) {
    if (!open.create()) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    if (open.directory()) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    if (at.trailingSlash()) {
      throw new FilesystemException(ErrorCode.IS_DIRECTORY);
    }
    return openNode(at, open, wanted);
  }

  private Descriptor openDirectory(Resolved at, OpenFlags open, DescriptorFlags wanted) {
    if (wanted.write() || open.truncate() || open.create()) {
      throw new FilesystemException(ErrorCode.IS_DIRECTORY);
    }
    grant.takeHandle();
    try {
      return new DirectoryDescriptor(
          at.isParent() ? at.parent().duplicate() : at.parent().openDirectory(at.name()), grant);
    } catch (FilesystemException e) {
      grant.returnHandle();
      throw e;
    }
  }

  private Descriptor openFile(Resolved at, OpenFlags open, DescriptorFlags wanted) {
    if (open.directory() || at.trailingSlash()) {
      throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
    }
    return openNode(at, open, wanted);
  }

  private Descriptor openNode(Resolved at, OpenFlags open, DescriptorFlags wanted) {
    if (wanted.write() || open.truncate() || open.create()) {
      grant.requireWritable();
    }
    FileNode.Mode mode =
        new FileNode.Mode(
            wanted.read(),
            wanted.write(),
            open.create(),
            open.create() && open.exclusive(),
            open.truncate(),
            wanted.fileIntegritySync(),
            wanted.dataIntegritySync());
    grant.takeHandle();
    try {
      return new FileDescriptor(at.parent().openFile(at.name(), mode), wanted, grant);
    } catch (FilesystemException e) {
      grant.returnHandle();
      throw e;
    }
  }

  private Descriptor openDevice(
      Resolved at, DescriptorStat stat, OpenFlags open, DescriptorFlags wanted) {
    if (open.directory() || at.trailingSlash()) {
      throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
    }
    grant.takeHandle();
    try {
      return new DeviceDescriptor(at.parent().openDevice(at.name()), stat, wanted, grant);
    } catch (FilesystemException e) {
      grant.returnHandle();
      throw e;
    }
  }

  /** Attributes of what a path names. */
  public DescriptorStat statAt(boolean follow, String path) {
    try (Resolved at = Resolved.of(node, path, followed(follow, path))) {
      if (at.isParent()) {
        return at.parent().stat();
      }
      DescriptorStat stat = at.parent().statEntry(at.name());
      if (at.trailingSlash() && stat.type() != DescriptorType.DIRECTORY) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      return stat;
    }
  }

  /** A hash of what changes when the file is modified or replaced. */
  public MetadataHash metadataHashAt(boolean follow, String path) {
    return MetadataHash.of(statAt(follow, path));
  }

  /** Sets the times of what a path names. */
  public void setTimesAt(
      boolean follow, String path, NewTimestamp accessed, NewTimestamp modified) {
    grant.requireWritable();
    try (Resolved at = Resolved.of(node, path, followed(follow, path))) {
      if (at.isParent()) {
        at.parent().setTimes(accessed, modified, grant.clocks());
        return;
      }
      requireDirectoryIfSlash(at);
      at.parent().setEntryTimes(at.name(), accessed, modified, grant.clocks());
    }
  }

  private static void requireDirectoryIfSlash(Resolved at) {
    if (at.trailingSlash()) {
      DescriptorStat stat =
          at.lookup().orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
      if (stat.type() != DescriptorType.DIRECTORY) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
    }
  }

  /** Makes a directory. */
  public void createDirectoryAt(String path) {
    grant.requireWritable();
    try (Resolved at = Resolved.of(node, path, false)) {
      if (at.isParent()) {
        throw new FilesystemException(ErrorCode.EXIST);
      }
      at.parent().createDirectory(at.name());
    }
  }

  /** Removes an empty directory. */
  public void removeDirectoryAt(String path) {
    grant.requireWritable();
    try (Resolved at = Resolved.of(node, path, false)) {
      if (at.isParent()) {
        throw new FilesystemException(
            path.endsWith("..") ? ErrorCode.NOT_EMPTY : ErrorCode.INVALID);
      }
      at.parent().removeDirectory(at.name());
    }
  }

  /** Removes anything but a directory. */
  public void unlinkFileAt(String path) {
    grant.requireWritable();
    try (Resolved at = Resolved.of(node, path, false)) {
      if (at.isParent()) {
        throw new FilesystemException(ErrorCode.IS_DIRECTORY);
      }
      if (at.trailingSlash()) {
        DescriptorStat stat =
            at.lookup().orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
        throw new FilesystemException(
            stat.type() == DescriptorType.DIRECTORY
                ? ErrorCode.IS_DIRECTORY
                : ErrorCode.NOT_DIRECTORY);
      }
      at.parent().unlinkFile(at.name());
    }
  }

  /** Gives an entry another name, replacing what has that name as POSIX says. */
  public void renameAt(String oldPath, DirectoryDescriptor newDirectory, String newPath) {
    grant.requireWritable();
    newDirectory.grant.requireWritable();
    try (Resolved from = Resolved.of(node, oldPath, false);
        Resolved to = Resolved.of(newDirectory.node, newPath, false)) {
      if (from.isParent() || to.isParent()) {
        throw new FilesystemException(ErrorCode.BUSY);
      }
      DescriptorStat source =
          from.lookup().orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
      boolean directory = source.type() == DescriptorType.DIRECTORY;
      if (!directory && (from.trailingSlash() || to.trailingSlash())) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      Optional<DescriptorStat> target = to.lookup();
      if (target.isPresent()) {
        boolean replacesDirectory = target.get().type() == DescriptorType.DIRECTORY;
        if (directory && !replacesDirectory) {
          throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
        }
        if (!directory && replacesDirectory) {
          throw new FilesystemException(ErrorCode.IS_DIRECTORY);
        }
      }
      from.parent().rename(from.name(), to.parent(), to.name());
    }
  }

  /** Gives a file a second name. */
  public void linkAt(
      boolean follow, String oldPath, DirectoryDescriptor newDirectory, String newPath) {
    // The link could be used to write to the file, so its own directory must allow that too.
    grant.requireWritable();
    newDirectory.grant.requireWritable();
    if (follow) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    try (Resolved from = Resolved.of(node, oldPath, false);
        Resolved to = Resolved.of(newDirectory.node, newPath, false)) {
      DescriptorStat source =
          from.lookup().orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
      if (to.isParent() || to.lookup().isPresent()) {
        throw new FilesystemException(ErrorCode.EXIST);
      }
      if (source.type() == DescriptorType.DIRECTORY) {
        throw new FilesystemException(ErrorCode.NOT_PERMITTED);
      }
      if (from.trailingSlash()) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      if (to.trailingSlash()) {
        throw new FilesystemException(ErrorCode.NO_ENTRY);
      }
      from.parent().link(from.name(), to.parent(), to.name());
    }
  }

  /** Makes a symbolic link. Its target may be missing or lead anywhere but is never absolute. */
  public void symlinkAt(String target, String path) {
    grant.requireWritable();
    if (target.isEmpty()) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    if (target.indexOf('\0') >= 0) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    if (target.startsWith("/")) {
      throw new FilesystemException(ErrorCode.NOT_PERMITTED);
    }
    try (Resolved at = Resolved.of(node, path, false)) {
      Optional<DescriptorStat> existing = at.lookup();
      if (existing.isPresent()) {
        boolean noDirectory = existing.get().type() != DescriptorType.DIRECTORY;
        throw new FilesystemException(
            at.trailingSlash() && noDirectory ? ErrorCode.NOT_DIRECTORY : ErrorCode.EXIST);
      }
      if (at.trailingSlash()) {
        throw new FilesystemException(ErrorCode.NO_ENTRY);
      }
      // Or content without limit could be written as targets of links.
      long bytes = target.getBytes(StandardCharsets.UTF_8).length;
      grant.takeAllBytes(bytes);
      try {
        at.parent().symlink(target, at.name());
      } catch (FilesystemException e) {
        grant.returnBytes(bytes);
        throw e;
      }
    }
  }

  /** The target of a symbolic link; absolute ones are not shown. */
  public String readLinkAt(String path) {
    try (Resolved at = Resolved.of(node, path, path.endsWith("/"))) {
      DescriptorStat stat =
          at.lookup().orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
      if (stat.type() != DescriptorType.SYMBOLIC_LINK) {
        throw new FilesystemException(
            at.trailingSlash() && stat.type() != DescriptorType.DIRECTORY
                ? ErrorCode.NOT_DIRECTORY
                : ErrorCode.INVALID);
      }
      String target = at.parent().readLink(at.name());
      if (target.startsWith("/")) {
        throw new FilesystemException(ErrorCode.NOT_PERMITTED);
      }
      return target;
    }
  }

  /** The entries of this directory as of now. */
  public DirectoryEntryStream readDirectory() {
    grant.takeHandle();
    try {
      List<String> names = node.list(grant.quota().namesLeft());
      DirectoryNode copy = node.duplicate();
      try {
        grant.quota().takeNames(names.size());
      } catch (FilesystemException e) {
        copy.close();
        throw e;
      }
      return new DirectoryEntryStream(copy, names, grant);
    } catch (FilesystemException e) {
      grant.returnHandle();
      throw e;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      grant.returnHandle();
      node.close();
    }
  }
}
