package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.nio.ByteBuffer;
import java.util.List;

/** Handles of a guest on a {@link MemoryDirectory}. */
final class MemoryNodes {
  private MemoryNodes() {}

  /** An open directory. Nothing is held open, so handles need no closing. */
  static final class DirectoryHandle extends DirectoryNode {
    private final MemoryDirectory tree;
    private final MemoryInode.Directory inode;
    private final Clocks clocks;

    DirectoryHandle(MemoryDirectory tree, MemoryInode.Directory inode, Clocks clocks) {
      this.tree = tree;
      this.inode = inode;
      this.clocks = clocks;
    }

    private MemoryInode entry(String name) {
      MemoryInode entry = inode.entries.get(name);
      if (entry == null) {
        throw new FilesystemException(ErrorCode.NO_ENTRY);
      }
      return entry;
    }

    @Override
    DescriptorStat stat() {
      synchronized (tree) {
        return inode.stat(tree.device());
      }
    }

    @Override
    DescriptorStat lookup(String name) {
      synchronized (tree) {
        return entry(name).stat(tree.device());
      }
    }

    @Override
    DescriptorStat statEntry(String name) {
      return lookup(name);
    }

    @Override
    String readLink(String name) {
      synchronized (tree) {
        if (entry(name) instanceof MemoryInode.Link link) {
          return link.target;
        }
        throw new FilesystemException(ErrorCode.INVALID);
      }
    }

    @Override
    DirectoryNode openDirectory(String name) {
      synchronized (tree) {
        if (entry(name) instanceof MemoryInode.Directory directory) {
          return new DirectoryHandle(tree, directory, clocks);
        }
        throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
      }
    }

    @Override
    FileNode openFile(String name, FileNode.Mode mode) {
      synchronized (tree) {
        if (mode.create() && !inode.entries.containsKey(name)) {
          tree.add(
              inode,
              name,
              new MemoryInode.File(tree.nextNumber(), clocks.wallNow()),
              clocks.wallNow());
        } else if (mode.exclusive()) {
          throw new FilesystemException(ErrorCode.EXIST);
        }
        if (!(entry(name) instanceof MemoryInode.File file)) {
          throw new FilesystemException(ErrorCode.LOOP);
        }
        if (mode.truncate()) {
          tree.resize(file, 0);
          file.touch(clocks.wallNow());
        }
        file.open++;
        return new FileHandle(tree, file, clocks);
      }
    }

    @Override
    Device.Session openDevice(String name) {
      Device device;
      synchronized (tree) {
        if (!(entry(name) instanceof MemoryInode.DeviceFile file)) {
          throw new FilesystemException(ErrorCode.NO_DEVICE);
        }
        device = file.device;
      }
      return device.open();
    }

    @Override
    DirectoryNode duplicate() {
      return this;
    }

    @Override
    void createDirectory(String name) {
      synchronized (tree) {
        tree.add(
            inode,
            name,
            new MemoryInode.Directory(tree.nextNumber(), clocks.wallNow()),
            clocks.wallNow());
      }
    }

    @Override
    void removeDirectory(String name) {
      synchronized (tree) {
        if (!(entry(name) instanceof MemoryInode.Directory directory)) {
          throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
        }
        if (!directory.entries.isEmpty()) {
          throw new FilesystemException(ErrorCode.NOT_EMPTY);
        }
        tree.remove(inode, name, clocks.wallNow());
      }
    }

    @Override
    void unlinkFile(String name) {
      synchronized (tree) {
        switch (entry(name)) {
          case MemoryInode.Directory d -> throw new FilesystemException(ErrorCode.IS_DIRECTORY);
          case MemoryInode.DeviceFile d -> throw new FilesystemException(ErrorCode.NOT_PERMITTED);
          case MemoryInode.File f -> tree.remove(inode, name, clocks.wallNow());
          case MemoryInode.Link l -> tree.remove(inode, name, clocks.wallNow());
        }
      }
    }

    private DirectoryHandle sameTree(DirectoryNode target) {
      if (target instanceof DirectoryHandle handle && handle.tree == tree) {
        return handle;
      }
      throw new FilesystemException(ErrorCode.CROSS_DEVICE);
    }

    @Override
    void rename(String name, DirectoryNode target, String newName) {
      DirectoryHandle to = sameTree(target);
      synchronized (tree) {
        MemoryInode moved = entry(name);
        MemoryInode replaced = to.inode.entries.get(newName);
        if (moved == replaced) {
          return;
        }
        if (moved instanceof MemoryInode.DeviceFile || replaced instanceof MemoryInode.DeviceFile) {
          throw new FilesystemException(ErrorCode.NOT_PERMITTED);
        }
        if (to.inode.removed) {
          throw new FilesystemException(ErrorCode.NO_ENTRY);
        }
        if (moved instanceof MemoryInode.Directory directory && contains(directory, to.inode)) {
          throw new FilesystemException(ErrorCode.INVALID);
        }
        if (replaced instanceof MemoryInode.Directory directory) {
          if (!(moved instanceof MemoryInode.Directory)) {
            throw new FilesystemException(ErrorCode.IS_DIRECTORY);
          }
          if (!directory.entries.isEmpty()) {
            throw new FilesystemException(ErrorCode.NOT_EMPTY);
          }
        } else if (replaced != null && moved instanceof MemoryInode.Directory) {
          throw new FilesystemException(ErrorCode.NOT_DIRECTORY);
        }
        if (replaced != null) {
          tree.remove(to.inode, newName, clocks.wallNow());
        }
        tree.move(inode, name, to.inode, newName, clocks.wallNow());
      }
    }

    private static boolean contains(MemoryInode.Directory outer, MemoryInode.Directory inner) {
      MemoryInode.Directory at = inner;
      while (at != outer && at.parent != at) {
        at = at.parent;
      }
      return at == outer;
    }

    @Override
    void link(String name, DirectoryNode target, String newName) {
      DirectoryHandle to = sameTree(target);
      synchronized (tree) {
        MemoryInode linked = entry(name);
        if (linked instanceof MemoryInode.Directory || linked instanceof MemoryInode.DeviceFile) {
          throw new FilesystemException(ErrorCode.NOT_PERMITTED);
        }
        tree.add(to.inode, newName, linked, clocks.wallNow());
        linked.links++;
        linked.changed = clocks.wallNow();
      }
    }

    @Override
    void symlink(String target, String name) {
      synchronized (tree) {
        tree.add(
            inode,
            name,
            new MemoryInode.Link(tree.nextNumber(), clocks.wallNow(), target),
            clocks.wallNow());
      }
    }

    @Override
    void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks ignored) {
      synchronized (tree) {
        MemoryNodes.setTimes(inode, accessed, modified, clocks);
      }
    }

    @Override
    void setEntryTimes(String name, NewTimestamp accessed, NewTimestamp modified, Clocks ignored) {
      synchronized (tree) {
        MemoryNodes.setTimes(entry(name), accessed, modified, clocks);
      }
    }

    @Override
    List<String> list(int max) {
      synchronized (tree) {
        if (inode.entries.size() > max) {
          throw FilesystemException.tooManyOpenFiles();
        }
        return List.copyOf(inode.entries.keySet());
      }
    }

    @Override
    Object identity() {
      return inode;
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }

  /** An open file. */
  static final class FileHandle extends FileNode {
    /** Enough for any real program, and far from overflowing anything. */
    private static final long MAX_SIZE = 1L << 50;

    private final MemoryDirectory tree;
    private final MemoryInode.File file;
    private final Clocks clocks;

    FileHandle(MemoryDirectory tree, MemoryInode.File file, Clocks clocks) {
      this.tree = tree;
      this.file = file;
      this.clocks = clocks;
    }

    @Override
    int read(ByteBuffer into, long offset) {
      synchronized (tree) {
        return tree.read(file, into, offset);
      }
    }

    @Override
    void write(ByteBuffer from, long offset) {
      if (offset > MAX_SIZE - from.remaining()) {
        throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
      }
      synchronized (tree) {
        tree.write(file, from, offset);
        file.touch(clocks.wallNow());
      }
    }

    @Override
    long append(ByteBuffer from) {
      synchronized (tree) {
        write(from, file.size);
        return file.size;
      }
    }

    @Override
    long size() {
      synchronized (tree) {
        return file.size;
      }
    }

    @Override
    void setSize(long size) {
      if (size > MAX_SIZE) {
        throw new FilesystemException(ErrorCode.FILE_TOO_LARGE);
      }
      synchronized (tree) {
        tree.resize(file, size);
        file.touch(clocks.wallNow());
      }
    }

    @Override
    void sync(boolean metadata) {
      // Memory is all there is.
    }

    @Override
    DescriptorStat stat() {
      synchronized (tree) {
        return file.stat(tree.device());
      }
    }

    @Override
    void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks ignored) {
      synchronized (tree) {
        MemoryNodes.setTimes(file, accessed, modified, clocks);
      }
    }

    @Override
    Object identity() {
      return file;
    }

    @Override
    public void close() {
      synchronized (tree) {
        file.open--;
        tree.freeIfUnused(file);
      }
    }
  }

  private static void setTimes(
      MemoryInode inode, NewTimestamp accessed, NewTimestamp modified, Clocks clocks) {
    inode.accessed = accessed.applied(inode.accessed, clocks.wallNow());
    inode.modified = modified.applied(inode.modified, clocks.wallNow());
    inode.changed = clocks.wallNow();
  }
}
