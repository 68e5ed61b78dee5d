package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Datetime;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A thing in a directory in memory. All access is guarded by the tree's lock. */
abstract sealed class MemoryInode {
  final long number;
  long links = 1;
  Datetime accessed;
  Datetime modified;
  Datetime changed;

  private MemoryInode(long number, Datetime now) {
    this.number = number;
    this.accessed = now;
    this.modified = now;
    this.changed = now;
  }

  abstract DescriptorType type();

  abstract long size();

  DescriptorStat stat(long device) {
    return new DescriptorStat(type(), links, size(), accessed, modified, changed, device, number);
  }

  void touch(Datetime now) {
    modified = now;
    changed = now;
  }

  /** A directory: names in order. */
  static final class Directory extends MemoryInode {
    final Map<String, MemoryInode> entries = new TreeMap<>();
    boolean removed;

    /** The directory it is in; the root is its own. */
    Directory parent = this;

    Directory(long number, Datetime now) {
      super(number, now);
    }

    @Override
    DescriptorType type() {
      return DescriptorType.DIRECTORY;
    }

    @Override
    long size() {
      return 0;
    }
  }

  /** A file: pages that have been written, and zeros in between. */
  static final class File extends MemoryInode {
    static final int PAGE = 16 * 1024;

    final Map<Long, byte[]> pages = new HashMap<>();
    long size;
    int open;

    File(long number, Datetime now) {
      super(number, now);
    }

    @Override
    DescriptorType type() {
      return DescriptorType.REGULAR_FILE;
    }

    @Override
    long size() {
      return size;
    }
  }

  /** A symbolic link. */
  static final class Link extends MemoryInode {
    final String target;

    Link(long number, Datetime now, String target) {
      super(number, now);
      this.target = target;
    }

    @Override
    DescriptorType type() {
      return DescriptorType.SYMBOLIC_LINK;
    }

    @Override
    long size() {
      return target.length();
    }
  }

  /** A device served by Java code. */
  static final class DeviceFile extends MemoryInode {
    final Device device;

    DeviceFile(long number, Datetime now, Device device) {
      super(number, now);
      this.device = device;
    }

    @Override
    DescriptorType type() {
      return DescriptorType.CHARACTER_DEVICE;
    }

    @Override
    long size() {
      return 0;
    }
  }
}
