package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.nio.ByteBuffer;

/** An open regular file of some back end. Offsets are never negative. */
abstract class FileNode implements AutoCloseable {
  /** How a file is opened: a back end's view of the flags. */
  record Mode(
      boolean read,
      boolean write,
      boolean create,
      boolean exclusive,
      boolean truncate,
      boolean fileSync,
      boolean dataSync) {}

  /** Reads as many bytes as there are and fit; -1 at or past the end. */
  abstract int read(ByteBuffer into, long offset);

  /** Writes all of {@code from}; the file grows as needed. */
  abstract void write(ByteBuffer from, long offset);

  /** Writes all of {@code from} at the end, and answers where it ends now. */
  abstract long append(ByteBuffer from);

  abstract long size();

  abstract void setSize(long size);

  abstract void sync(boolean metadata);

  abstract DescriptorStat stat();

  abstract void setTimes(NewTimestamp accessed, NewTimestamp modified, Clocks clocks);

  /** Equal for two nodes of the same file. */
  abstract Object identity();

  @Override
  public abstract void close();
}
