package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.clocks.Datetime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** Attributes of host files in WASI's terms. */
final class HostAttributes {
  private static final String DEVICE = "(dev=";
  private static final String INODE = ",ino=";

  private HostAttributes() {}

  static DescriptorType type(BasicFileAttributes a) {
    if (a.isDirectory()) {
      return DescriptorType.DIRECTORY;
    }
    if (a.isRegularFile()) {
      return DescriptorType.REGULAR_FILE;
    }
    // Pipes, sockets and devices look alike here; none of them can be opened.
    return a.isSymbolicLink() ? DescriptorType.SYMBOLIC_LINK : DescriptorType.UNKNOWN;
  }

  /** What the handle alone tells. The link count is 1, the change time that of the content. */
  static DescriptorStat stat(BasicFileAttributes a) {
    return stat(a, 1, a.lastModifiedTime());
  }

  /**
   * Adds what only a look-up by path tells, provided that it found the same file.
   *
   * @param a what the handle told
   */
  static DescriptorStat stat(BasicFileAttributes a, Path path) {
    Object key = a.fileKey();
    if (key != null && path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      try {
        Map<String, Object> more =
            Files.readAttributes(path, "unix:fileKey,nlink,ctime", LinkOption.NOFOLLOW_LINKS);
        if (key.equals(more.get("fileKey"))
            && more.get("nlink") instanceof Integer links
            && more.get("ctime") instanceof FileTime changed) {
          return stat(a, links, changed);
        }
      } catch (IOException e) {
        return stat(a);
      }
    }
    return stat(a);
  }

  private static DescriptorStat stat(BasicFileAttributes a, int links, FileTime changed) {
    Object key = a.fileKey();
    return new DescriptorStat(
        type(a),
        links,
        a.size(),
        Datetime.of(a.lastAccessTime().toInstant()),
        Datetime.of(a.lastModifiedTime().toInstant()),
        Datetime.of(changed.toInstant()),
        device(key),
        inode(key));
  }

  /** On Unix the key says "(dev=HEX,ino=DECIMAL)"; where it does not, all is one device. */
  private static long device(Object key) {
    String text = String.valueOf(key);
    int comma = text.indexOf(INODE);
    return text.startsWith(DEVICE) && comma > 0
        ? Long.parseUnsignedLong(text, DEVICE.length(), comma, 16)
        : 1;
  }

  /** The inode number; on systems whose keys hide it a 64-bit hash of the key. */
  private static long inode(Object key) {
    String text = String.valueOf(key);
    int comma = text.indexOf(INODE);
    if (text.startsWith(DEVICE) && comma > 0 && text.endsWith(")")) {
      return Long.parseUnsignedLong(text, comma + INODE.length(), text.length() - 1, 10);
    }
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
    }
    return hash;
  }

  static void setTimes(
      BasicFileAttributeView view, NewTimestamp accessed, NewTimestamp modified, Clocks clocks)
      throws IOException {
    Datetime now = clocks.wallNow();
    view.setTimes(time(modified, now), time(accessed, now), null);
  }

  private static FileTime time(NewTimestamp timestamp, Datetime now) {
    return switch (timestamp) {
      case NewTimestamp.NoChange n -> null;
      case NewTimestamp.Now n -> FileTime.from(now.toInstant());
      case NewTimestamp.Timestamp t -> FileTime.from(t.time().toInstant());
    };
  }
}
