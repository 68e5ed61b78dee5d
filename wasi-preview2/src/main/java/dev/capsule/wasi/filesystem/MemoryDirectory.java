package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.clocks.Datetime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory tree that lives in memory. It can be granted to several guests, also at once, and
 * filled and read by Java code. Paths here are relative and use slashes.
 */
public final class MemoryDirectory {
  /** 2020-01-01: the time of everything that Java code puts here, so that runs repeat. */
  static final Datetime EPOCH = new Datetime(1_577_836_800L, 0);

  private static final AtomicLong DEVICES = new AtomicLong(1L << 32);

  private final long device = DEVICES.getAndIncrement();
  private final long maxBytes;
  private final int maxEntries;
  private final MemoryInode.Directory root = new MemoryInode.Directory(1, EPOCH);
  private long bytes;
  private int entries;
  private long lastNumber = 1;

  private MemoryDirectory(long maxBytes, int maxEntries) {
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  /** An empty directory that holds at most 64 MiB in 100,000 entries. */
  public static MemoryDirectory create() {
    return create(64L << 20, 100_000);
  }

  /**
   * An empty directory.
   *
   * @param maxBytes how many bytes of content it can hold; names and links count by their length
   * @param maxEntries how many files, directories, links and devices
   */
  public static MemoryDirectory create(long maxBytes, int maxEntries) {
    return new MemoryDirectory(maxBytes, maxEntries);
  }

  /**
   * Puts a file, making the directories above it.
   *
   * @throws FilesystemException if something else has that name or the limits are exceeded
   */
  public synchronized MemoryDirectory put(String path, byte[] content) {
    MemoryInode.Directory parent = makeParents(path);
    String name = lastName(path);
    MemoryInode.File file;
    if (parent.entries.get(name) instanceof MemoryInode.File existing) {
      file = existing;
      resize(file, 0);
    } else {
      file = new MemoryInode.File(nextNumber(), EPOCH);
      add(parent, name, file, EPOCH);
    }
    write(file, ByteBuffer.wrap(content), 0);
    return this;
  }

  /** Puts a text file in UTF-8. */
  public MemoryDirectory put(String path, String content) {
    return put(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a device. */
  public synchronized MemoryDirectory putDevice(String path, Device served) {
    add(
        makeParents(path),
        lastName(path),
        new MemoryInode.DeviceFile(nextNumber(), EPOCH, served),
        EPOCH);
    return this;
  }

  /** Puts a directory, and those above it; it may be there already. */
  public synchronized MemoryDirectory putDirectory(String path) {
    makeParents(path + "/.");
    return this;
  }

  /**
   * The content of a file.
   *
   * @throws FilesystemException if there is no such file, or it does not fit in an array
   */
  public synchronized byte[] read(String path) {
    MemoryInode inode = root;
    for (String name : path.split("/")) {
      inode = inode instanceof MemoryInode.Directory d ? d.entries.get(name) : null;
      if (inode == null) {
        throw new FilesystemException(ErrorCode.NO_ENTRY);
      }
    }
    if (!(inode instanceof MemoryInode.File file)) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
    if (file.size > Integer.MAX_VALUE - 8) {
      throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
    }
    byte[] content = new byte[(int) file.size];
    read(file, ByteBuffer.wrap(content), 0);
    return content;
  }

  /** The names in a directory, sorted; "" or "." is the root. */
  public synchronized List<String> list(String path) {
    MemoryInode inode = root;
    for (String name : path.split("/")) {
      if (!name.isEmpty() && !name.equals(".")) {
        inode = inode instanceof MemoryInode.Directory d ? d.entries.get(name) : null;
      }
    }
    if (!(inode instanceof MemoryInode.Directory directory)) {
      throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
    }
    return List.copyOf(directory.entries.keySet());
  }

  /** Opens the root as a preopened directory of a guest. */
  public DirectoryDescriptor open(Access access, HandleQuota quota, Clocks clocks) {
    return DirectoryDescriptor.preopened(
        new MemoryNodes.DirectoryHandle(this, root, clocks), access, quota, clocks);
  }

  private MemoryInode.Directory makeParents(String path) {
    MemoryInode.Directory at = root;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      checkName(names[i]);
      MemoryInode next = at.entries.get(names[i]);
      if (next == null) {
        next = new MemoryInode.Directory(nextNumber(), EPOCH);
        add(at, names[i], next, EPOCH);
      }
      if (!(next instanceof MemoryInode.Directory directory)) {
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
      at = directory;
    }
    return at;
  }

  private static String lastName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    checkName(name);
    return name;
  }

  private static void checkName(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
      throw new FilesystemException(ErrorCode.INVALID);
    }
  }

  long device() {
    return device;
  }

  long nextNumber() {
    return ++lastNumber;
  }

  void add(MemoryInode.Directory parent, String name, MemoryInode inode, Datetime now) {
    if (parent.removed) {
      throw new FilesystemException(ErrorCode.NO_ENTRY);
    }
    if (parent.entries.containsKey(name)) {
      throw new FilesystemException(ErrorCode.EXIST);
    }
    if (entries >= maxEntries) {
      throw new FilesystemException(ErrorCode.INSUFFICIENT_SPACE);
    }
    takeBytes(nameCost(name, inode));
    entries++;
    parent.entries.put(name, inode);
    if (inode instanceof MemoryInode.Directory directory) {
      directory.parent = parent;
    }
    parent.touch(now);
  }

  void remove(MemoryInode.Directory parent, String name, Datetime now) {
    MemoryInode inode = parent.entries.remove(name);
    entries--;
    bytes -= nameCost(name, inode);
    inode.links--;
    inode.changed = now;
    parent.touch(now);
    switch (inode) {
      case MemoryInode.Directory d -> d.removed = true;
      case MemoryInode.File f -> freeIfUnused(f);
      case MemoryInode.Link l -> {}
      case MemoryInode.DeviceFile d -> {}
    }
  }

  void move(
      MemoryInode.Directory from,
      String name,
      MemoryInode.Directory to,
      String newName,
      Datetime now) {
    // If the name was in use, what it cost has been given back, so that this cannot fail half-way.
    takeBytes(newName.length() - name.length());
    MemoryInode moved = from.entries.remove(name);
    to.entries.put(newName, moved);
    if (moved instanceof MemoryInode.Directory directory) {
      directory.parent = to;
    }
    moved.changed = now;
    from.touch(now);
    to.touch(now);
  }

  private static long nameCost(String name, MemoryInode inode) {
    return name.length() + (inode instanceof MemoryInode.Link l ? l.size() : 0);
  }

  void freeIfUnused(MemoryInode.File file) {
    if (file.links == 0 && file.open == 0) {
      resize(file, 0);
    }
  }

  private void takeBytes(long wanted) {
    if (bytes + wanted > maxBytes) {
      throw new FilesystemException(ErrorCode.INSUFFICIENT_SPACE);
    }
    bytes += wanted;
  }

  int read(MemoryInode.File file, ByteBuffer into, long offset) {
    if (offset >= file.size) {
      return -1;
    }
    int total = (int) Math.min(into.remaining(), file.size - offset);
    long at = offset;
    int left = total;
    while (left > 0) {
      int inPage = (int) (at % MemoryInode.File.PAGE);
      int n = Math.min(left, MemoryInode.File.PAGE - inPage);
      byte[] page = file.pages.get(at / MemoryInode.File.PAGE);
      if (page == null) {
        into.put(new byte[n]);
      } else {
        into.put(page, inPage, n);
      }
      at += n;
      left -= n;
    }
    return total;
  }

  /** Writes all, or nothing if that does not fit. */
  void write(MemoryInode.File file, ByteBuffer from, long offset) {
    if (!from.hasRemaining()) {
      return;
    }
    long last = (offset + from.remaining() - 1) / MemoryInode.File.PAGE;
    long missing = 0;
    for (long page = offset / MemoryInode.File.PAGE; page <= last; page++) {
      missing += file.pages.containsKey(page) ? 0 : 1;
    }
    takeBytes(missing * MemoryInode.File.PAGE);
    long at = offset;
    while (from.hasRemaining()) {
      int inPage = (int) (at % MemoryInode.File.PAGE);
      int n = Math.min(from.remaining(), MemoryInode.File.PAGE - inPage);
      long index = at / MemoryInode.File.PAGE;
      byte[] page = file.pages.get(index);
      if (page == null) {
        page = new byte[MemoryInode.File.PAGE];
        file.pages.put(index, page);
      }
      from.get(page, inPage, n);
      at += n;
      file.size = Math.max(file.size, at);
    }
  }

  void resize(MemoryInode.File file, long size) {
    if (size < file.size) {
      long keep = (size + MemoryInode.File.PAGE - 1) / MemoryInode.File.PAGE;
      file.pages
          .keySet()
          .removeIf(
              index -> {
                boolean gone = index >= keep;
                bytes -= gone ? MemoryInode.File.PAGE : 0;
                return gone;
              });
      int rest = (int) (size % MemoryInode.File.PAGE);
      byte[] last = file.pages.get(size / MemoryInode.File.PAGE);
      if (last != null && rest > 0) {
        Arrays.fill(last, rest, last.length, (byte) 0);
      }
    }
    file.size = size;
  }
}
