package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** A directory held open by the system, so that names are looked up in it and nowhere else. */
final class SecureHostDirectory extends HostDirectory {
  private static final Path SELF = Path.of(".");

  private final SecureDirectoryStream<Path> stream;

  /** Takes over {@code stream}, which is open on {@code path} at or below {@code root}. */
  SecureHostDirectory(SecureDirectoryStream<Path> stream, Path root, HiddenNames hidden, Path path)
      throws IOException {
    super(root, hidden, path, view(stream).readAttributes().fileKey());
    this.stream = stream;
  }

  private static BasicFileAttributeView view(SecureDirectoryStream<Path> stream) {
    return stream.getFileAttributeView(BasicFileAttributeView.class);
  }

  private BasicFileAttributeView view(Path name) {
    return stream.getFileAttributeView(
        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  BasicFileAttributes attributes() throws IOException {
    return view(stream).readAttributes();
  }

  @Override
  BasicFileAttributes attributes(Path name) throws IOException {
    return view(name).readAttributes();
  }

  @Override
  FileChannel openChannel(Path name, Set<OpenOption> options) throws IOException {
    SeekableByteChannel channel = stream.newByteChannel(name, options);
    if (channel instanceof FileChannel file) {
      return file;
    }
    channel.close();
    throw new FilesystemException(ErrorCode.UNSUPPORTED);
  }

  @Override
  HostDirectory openChild(Path name) throws IOException {
    SecureDirectoryStream<Path> child = stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    try {
      return new SecureHostDirectory(child, root(), hidden(), path().resolve(name));
    } catch (IOException e) {
      child.close();
      throw e;
    }
  }

  @Override
  DirectoryNode duplicate() {
    try {
      return new SecureHostDirectory(
          stream.newDirectoryStream(SELF, LinkOption.NOFOLLOW_LINKS), root(), hidden(), path());
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void delete(Path name, boolean directory) throws IOException {
    if (directory) {
      stream.deleteDirectory(name);
    } else {
      stream.deleteFile(name);
    }
  }

  @Override
  void move(Path name, HostDirectory target, Path newName) throws IOException {
    if (!(target instanceof SecureHostDirectory secure)) {
      throw new FilesystemException(ErrorCode.CROSS_DEVICE);
    }
    stream.move(name, secure.stream, newName);
  }

  @Override
  DirectoryStream<Path> entries() throws IOException {
    return stream.newDirectoryStream(SELF, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    try {
      HostAttributes.setTimes(view(stream), accessed, modified, clocks);
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void setEntryTimes(String name, NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    try {
      HostAttributes.setTimes(view(encode(name)), accessed, modified, clocks);
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  public void close() {
    super.close();
    try {
      stream.close();
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }
}
