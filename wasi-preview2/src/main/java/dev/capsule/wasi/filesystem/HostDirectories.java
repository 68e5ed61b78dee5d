package dev.capsule.wasi.filesystem;

import dev.capsule.wasi.clocks.Clocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Directories of the host as preopened directories of guests. */
public final class HostDirectories {
  private HostDirectories() {}

  /**
   * Opens {@code directory}, which may be given through symbolic links.
   *
   * @throws UncheckedIOException if it is missing, not a directory or not readable
   */
  public static DirectoryDescriptor open(
      Path directory, Access access, HandleQuota quota, Clocks clocks) {
    try {
      return HostDirectory.preopen(directory, access, quota, clocks);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open directory " + directory, e);
    }
  }
}
