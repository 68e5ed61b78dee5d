package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An open directory of the host. What the Java library can do relative to an open directory is left
 * to {@link SecureHostDirectory} or, where the system has no such thing, {@link PathHostDirectory};
 * the rest is done here by path, see {@link HostNamespace}.
 */
abstract class HostDirectory extends DirectoryNode implements HostNamespace.Located {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  private final Path root;
  private final HiddenNames hidden;
  private final Object key;
  private volatile Path path;

  HostDirectory(Path root, HiddenNames hidden, Path path, Object key) {
    this.root = root;
    this.hidden = hidden;
    this.path = path;
    this.key = key;
    HostNamespace.opened(this);
  }

  /** Opens a directory of the host as the preopened directory of a guest. */
  static DirectoryDescriptor preopen(
      Path directory, Access access, HandleQuota quota, Clocks clocks) throws IOException {
    return DirectoryDescriptor.preopened(
        open(directory, new HiddenNames(access.hiddenNames())), access, quota, clocks);
  }

  static HostDirectory open(Path directory, HiddenNames hidden) throws IOException {
    Path real = directory.toRealPath();
    DirectoryStream<Path> stream = Files.newDirectoryStream(real);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureHostDirectory(secure, real, hidden, real);
    }
    stream.close();
    return new PathHostDirectory(real, hidden, real);
  }

  @Override
  public final Path path() {
    return path;
  }

  @Override
  public final void moveTo(Path newPath) {
    path = newPath;
  }

  final Path root() {
    return root;
  }

  final HiddenNames hidden() {
    return hidden;
  }

  /** The attributes of the open directory itself. */
  abstract BasicFileAttributes attributes() throws IOException;

  /** The attributes of an entry, symbolic links not followed. */
  abstract BasicFileAttributes attributes(Path name) throws IOException;

  abstract FileChannel openChannel(Path name, Set<OpenOption> options) throws IOException;

  abstract HostDirectory openChild(Path name) throws IOException;

  abstract void delete(Path name, boolean directory) throws IOException;

  abstract void move(Path name, HostDirectory target, Path newName) throws IOException;

  /** A fresh stream of the entries. */
  abstract DirectoryStream<Path> entries() throws IOException;

  final Path encode(String name) {
    if (hidden.contains(name)) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    return HostNames.encode(path.getFileSystem(), name);
  }

  @Override
  DescriptorStat stat() {
    try {
      return HostAttributes.stat(attributes(), path);
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  DescriptorStat lookup(String name) {
    try {
      return HostAttributes.stat(attributes(encode(name)));
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  DescriptorStat statEntry(String name) {
    try {
      Path encoded = encode(name);
      return HostAttributes.stat(attributes(encoded), path.resolve(encoded));
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  DirectoryNode openDirectory(String name) {
    try {
      return openChild(encode(name));
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  Device.Session openDevice(String name) {
    throw new FilesystemException(ErrorCode.NOT_PERMITTED);
  }

  @Override
  FileNode openFile(String name, FileNode.Mode mode) {
    Path encoded = encode(name);
    try {
      FileChannel channel = openChannel(encoded, options(mode, encoded));
      try {
        return new HostFile(channel, path.resolve(encoded), attributes(encoded));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  private Set<OpenOption> options(FileNode.Mode mode, Path name) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (mode.read() || !mode.write()) {
      options.add(StandardOpenOption.READ);
    }
    // The library makes and cuts only what is opened for writing.
    boolean makes = mode.create() && (mode.exclusive() || !exists(name));
    if (mode.write() || mode.truncate() || makes) {
      options.add(StandardOpenOption.WRITE);
    }
    if (mode.truncate()) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    if (mode.create()) {
      options.add(mode.exclusive() ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
    }
    if (mode.fileSync()) {
      options.add(StandardOpenOption.SYNC);
    } else if (mode.dataSync()) {
      options.add(StandardOpenOption.DSYNC);
    }
    return options;
  }

  private boolean exists(Path name) {
    try {
      attributes(name);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  void removeDirectory(String name) {
    try {
      HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            if (!attributes(encoded).isDirectory()) {
              throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
            }
            delete(encoded, true);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void unlinkFile(String name) {
    try {
      HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            if (attributes(encoded).isDirectory()) {
              throw new FilesystemException(ErrorCode.IS_DIRECTORY);
            }
            delete(encoded, false);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  private static HostDirectory host(DirectoryNode node) {
    if (node instanceof HostDirectory directory) {
      return directory;
    }
    throw new FilesystemException(ErrorCode.CROSS_DEVICE);
  }

  @Override
  void rename(String name, DirectoryNode target, String newName) {
    HostDirectory to = host(target);
    try {
      HostNamespace.exclusively(
          () -> {
            Path from = encode(name);
            Path renamed = to.encode(newName);
            Object before = attributes(from).fileKey();
            move(from, to, renamed);
            // Two names of one file: the system then does nothing at all.
            if (Objects.equals(before, to.attributes(renamed).fileKey()) && !exists(from)) {
              HostNamespace.moved(path.resolve(from), to.path.resolve(renamed));
            }
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  /**
   * The path of this directory, checked to lead here. Call with the lock held.
   *
   * @throws FilesystemException if the directory was removed, or moved by another process
   */
  private Path verifiedPath() throws IOException {
    if (!leadsHere()) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    return path;
  }

  private boolean leadsHere() throws IOException {
    if (key == null) {
      return path.toRealPath().startsWith(root);
    }
    return key.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }

  @Override
  String readLink(String name) {
    try {
      return HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            Path link = verifiedPath().resolve(encoded);
            Object before = attributes(encoded).fileKey();
            Path target = Files.readSymbolicLink(link);
            if (!leadsHere() || !Objects.equals(before, attributes(encoded).fileKey())) {
              throw new FilesystemException(ErrorCode.NO_ENTRY);
            }
            return HostNames.decodeTarget(target)
                .orElseThrow(() -> new FilesystemException(ErrorCode.ILLEGAL_BYTE_SEQUENCE));
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void createDirectory(String name) {
    try {
      HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            Files.createDirectory(verifiedPath().resolve(encoded));
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void link(String name, DirectoryNode target, String newName) {
    HostDirectory to = host(target);
    try {
      HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            Path from = verifiedPath().resolve(encoded);
            // Elsewhere than on Linux this would follow the link, wherever it leads.
            if (!LINUX && attributes(encoded).isSymbolicLink()) {
              throw new FilesystemException(ErrorCode.UNSUPPORTED);
            }
            Files.createLink(to.verifiedPath().resolve(to.encode(newName)), from);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    } catch (UnsupportedOperationException e) {
      throw new FilesystemException(ErrorCode.UNSUPPORTED);
    }
  }

  @Override
  void symlink(String target, String name) {
    try {
      HostNamespace.exclusively(
          () -> {
            Path encoded = encode(name);
            Files.createSymbolicLink(
                verifiedPath().resolve(encoded),
                HostNames.encodeTarget(path.getFileSystem(), target));
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    } catch (UnsupportedOperationException e) {
      throw new FilesystemException(ErrorCode.UNSUPPORTED);
    }
  }

  @Override
  List<String> list(int max) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = entries()) {
      for (Path entry : entries) {
        if (names.size() >= max) {
          throw FilesystemException.tooManyOpenFiles();
        }
        // WASI has no way to say a name that is not Unicode: such files do not exist for guests.
        HostNames.decode(entry.getFileName())
            .filter(name -> !hidden.contains(name))
            .ifPresent(names::add);
      }
    } catch (DirectoryIteratorException e) {
      throw HostErrors.translate(e.getCause());
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  Object identity() {
    return key == null ? path : key;
  }

  @Override
  public void close() {
    HostNamespace.closed(this);
  }
}
