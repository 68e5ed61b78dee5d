package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A directory known by its path only, for systems without {@link
 * java.nio.file.SecureDirectoryStream}. Every operation checks under the lock of {@link
 * HostNamespace} that the path still leads into the preopened directory: guests of this process
 * cannot escape, but other processes that swap directories for links at the right moment could make
 * an operation go astray.
 */
final class PathHostDirectory extends HostDirectory {
  PathHostDirectory(Path root, HiddenNames hidden, Path path) throws IOException {
    super(
        root,
        hidden,
        path,
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
  }

  private Path checked() throws IOException {
    Path real = path().toRealPath();
    if (!real.startsWith(root())) {
      throw new FilesystemException(ErrorCode.NOT_PERMITTED);
    }
    return real;
  }

  private BasicFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  BasicFileAttributes attributes() throws IOException {
    return HostNamespace.exclusively(
        () -> {
          return view(checked()).readAttributes();
        });
  }

  @Override
  BasicFileAttributes attributes(Path name) throws IOException {
    return HostNamespace.exclusively(
        () -> {
          return view(checked().resolve(name)).readAttributes();
        });
  }

  @Override
  FileChannel openChannel(Path name, Set<OpenOption> options) throws IOException {
    return HostNamespace.exclusively(
        () -> {
          return FileChannel.open(checked().resolve(name), options);
        });
  }

  @Override
  HostDirectory openChild(Path name) throws IOException {
    return HostNamespace.exclusively(
        () -> {
          Path child = checked().resolve(name);
          if (!view(child).readAttributes().isDirectory()) {
            throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
          }
          return new PathHostDirectory(root(), hidden(), child);
        });
  }

  @Override
  DirectoryNode duplicate() {
    try {
      return new PathHostDirectory(root(), hidden(), path());
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void delete(Path name, boolean directory) throws IOException {
    Files.delete(checked().resolve(name));
  }

  @Override
  void move(Path name, HostDirectory target, Path newName) throws IOException {
    if (!(target instanceof PathHostDirectory to)) {
      throw new FilesystemException(ErrorCode.CROSS_DEVICE);
    }
    Files.move(
        checked().resolve(name), to.checked().resolve(newName), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  DirectoryStream<Path> entries() throws IOException {
    return HostNamespace.exclusively(
        () -> {
          return Files.newDirectoryStream(checked());
        });
  }

  @Override
  void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    try {
      HostNamespace.exclusively(
          () -> {
            HostAttributes.setTimes(view(checked()), accessed, modified, clocks);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void setEntryTimes(String name, NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    try {
      HostNamespace.exclusively(
          () -> {
            HostAttributes.setTimes(
                view(checked().resolve(encode(name))), accessed, modified, clocks);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }
}
