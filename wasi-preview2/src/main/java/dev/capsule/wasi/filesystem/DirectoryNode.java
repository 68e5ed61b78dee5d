package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.util.List;

/**
 * An open directory of some back end. All names are single components: not empty, without slash and
 * NUL, neither "." nor "..", at most 255 bytes. No operation follows a symbolic link.
 */
abstract class DirectoryNode implements AutoCloseable {
  abstract DescriptorStat stat();

  /** Type and size of an entry; link count and change time may be made up. */
  abstract DescriptorStat lookup(String name);

  /** All attributes of an entry. */
  abstract DescriptorStat statEntry(String name);

  abstract String readLink(String name);

  abstract DirectoryNode openDirectory(String name);

  abstract FileNode openFile(String name, FileNode.Mode mode);

  abstract Device.Session openDevice(String name);

  /** Another handle of the same directory. */
  abstract DirectoryNode duplicate();

  abstract void createDirectory(String name);

  abstract void removeDirectory(String name);

  abstract void unlinkFile(String name);

  abstract void rename(String name, DirectoryNode target, String newName);

  abstract void link(String name, DirectoryNode target, String newName);

  abstract void symlink(String target, String name);

  abstract void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks clocks);

  abstract void setEntryTimes(
      String name, NewTimestamp accessed, NewTimestamp modified, Clocks clocks);

  /**
   * The names that guests can say, without "." and "..".
   *
   * @param max fail with too many open files if there are more
   */
  abstract List<String> list(int max);

  /** Equal for two nodes of the same directory. */
  abstract Object identity();

  @Override
  public abstract void close();
}
