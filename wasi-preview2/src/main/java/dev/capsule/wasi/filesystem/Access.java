package dev.capsule.wasi.filesystem;

import java.util.Set;

/**
 * What a guest may do in a preopened directory.
 *
 * @param writable whether anything in it may be changed
 * @param maxBytesWritten how many bytes may be written in it in all; growing a file counts, and so
 *     do the targets of symbolic links
 * @param maxOpenFiles how many files and directories of it may be open at once
 * @param hiddenNames names that do not exist in it at any depth and cannot be made, in any case of
 *     letters; only directories of the host know them
 */
public record Access(
    boolean writable, long maxBytesWritten, int maxOpenFiles, Set<String> hiddenNames) {
  private static final int OPEN_FILES = 1024;

  /** Keeps its own copy of the names. */
  public Access {
    hiddenNames = Set.copyOf(hiddenNames);
  }

  /** Looking only. */
  public static Access readOnly() {
    return new Access(false, 0, OPEN_FILES, Set.of());
  }

  /** Looking and changing, with no limit on the bytes written. */
  public static Access readWrite() {
    return new Access(true, Long.MAX_VALUE, OPEN_FILES, Set.of());
  }

  /** The same with another limit on the bytes written. */
  public Access withMaxBytesWritten(long bytes) {
    return new Access(writable, bytes, maxOpenFiles, hiddenNames);
  }

  /** The same with another limit on open files. */
  public Access withMaxOpenFiles(int files) {
    return new Access(writable, maxBytesWritten, files, hiddenNames);
  }

  /** The same with other hidden names. */
  public Access withHiddenNames(Set<String> names) {
    return new Access(writable, maxBytesWritten, maxOpenFiles, names);
  }
}
