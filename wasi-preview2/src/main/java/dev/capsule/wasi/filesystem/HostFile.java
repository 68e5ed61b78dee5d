package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** An open file of the host. */
final class HostFile extends FileNode implements HostNamespace.Located {
  /** The library copies through a buffer outside the heap, which it keeps for ever. */
  private static final int CHUNK = 64 * 1024;

  private static final Object APPEND = new Object();

  private final FileChannel channel;
  private volatile Path path;
  private BasicFileAttributes last;

  HostFile(FileChannel channel, Path path, BasicFileAttributes attributes) {
    this.channel = channel;
    this.path = path;
    this.last = attributes;
    HostNamespace.opened(this);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void moveTo(Path newPath) {
    path = newPath;
  }

  @Override
  int read(ByteBuffer into, long offset) {
    try {
      int total = 0;
      while (into.hasRemaining()) {
        int n = Math.min(CHUNK, into.remaining());
        int got = channel.read(into.slice(into.position(), n), offset + total);
        if (got < 0) {
          return total == 0 ? -1 : total;
        }
        into.position(into.position() + got);
        total += got;
        if (got < n) {
          break;
        }
      }
      return total;
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void write(ByteBuffer from, long offset) {
    try {
      long at = offset;
      while (from.hasRemaining()) {
        int n = Math.min(CHUNK, from.remaining());
        int put = channel.write(from.slice(from.position(), n), at);
        from.position(from.position() + put);
        at += put;
      }
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  long append(ByteBuffer from) {
    // Guests of this process append one after the other; other processes may come in between.
    synchronized (APPEND) {
      long end = size();
      write(from, end);
      return end + from.limit();
    }
  }

  @Override
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void setSize(long size) {
    try {
      long before = channel.size();
      if (size < before) {
        channel.truncate(size);
      } else if (size > before) {
        channel.write(ByteBuffer.allocate(1), size - 1);
      }
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  void sync(boolean metadata) {
    try {
      channel.force(metadata);
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  /**
   * The library cannot ask an open channel for its file's attributes; the path can be asked, and
   * the answer is about this file if the key is the same. If the file was deleted or moved by
   * somebody else, the last known attributes are given with the size of now.
   */
  @Override
  DescriptorStat stat() {
    try {
      BasicFileAttributes now =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (Objects.equals(now.fileKey(), last.fileKey())) {
        last = now;
        return HostAttributes.stat(now, path).withSize(size());
      }
    } catch (IOException e) {
      return HostAttributes.stat(last).withSize(size());
    }
    return HostAttributes.stat(last).withSize(size());
  }

  @Override
  void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    try {
      HostNamespace.exclusively(
          () -> {
            BasicFileAttributes now =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!Objects.equals(now.fileKey(), last.fileKey())) {
              throw new FilesystemException(ErrorCode.NO_ENTRY);
            }
            HostAttributes.setTimes(
                Files.getFileAttributeView(
                    path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
                accessed,
                modified,
                clocks);
            return null;
          });
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }

  @Override
  Object identity() {
    return last.fileKey() == null ? path : last.fileKey();
  }

  @Override
  public void close() {
    HostNamespace.closed(this);
    try {
      channel.close();
    } catch (IOException e) {
      throw HostErrors.translate(e);
    }
  }
}
