package dev.capsule.wasi.filesystem;

/**
 * What a guest may do in a preopened directory.
 *
 * @param writable whether anything in it may be changed
 * @param maxBytesWritten how many bytes may be written in it in all; growing a file counts
 * @param maxOpenFiles how many files and directories of it may be open at once
 */
public record Access(boolean writable, long maxBytesWritten, int maxOpenFiles) {
  private static final int OPEN_FILES = 1024;

  /** Looking only. */
  public static Access readOnly() {
    return new Access(false, 0, OPEN_FILES);
  }

  /** Looking and changing, with no limit on the bytes written. */
  public static Access readWrite() {
    return new Access(true, Long.MAX_VALUE, OPEN_FILES);
  }

  /** The same with another limit on the bytes written. */
  public Access withMaxBytesWritten(long bytes) {
    return new Access(writable, bytes, maxOpenFiles);
  }

  /** The same with another limit on open files. */
  public Access withMaxOpenFiles(int files) {
    return new Access(writable, maxBytesWritten, files);
  }
}
