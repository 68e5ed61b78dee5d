package dev.capsule.task.guest;

import java.util.List;
import java.util.Optional;

/**
 * The program's own files, read-only: what a guest's import statements may see, and all they may
 * see. Paths are relative to the program's root, separated by {@code /}, without empty, {@code .}
 * or {@code ..} parts; the empty path is the root. Files that are not source text of the program's
 * language, hidden ones, and links that lead out of the root are absent. What was read is
 * remembered: it decides when a build is out of date.
 */
public interface Sources {

  /** The bytes of a file; empty if it is absent or may not be seen. */
  Optional<byte[]> read(String path);

  /** Whether the path is a file that {@link #read} would give. */
  boolean isFile(String path);

  /** Whether the path is a directory that may be seen. */
  boolean isDirectory(String path);

  /** The names of visible files and directories in a directory, sorted; empty if it is absent. */
  List<String> list(String path);

  /** No files at all. */
  static Sources none() {
    return new Sources() {
      @Override
      public Optional<byte[]> read(String path) {
        return Optional.empty();
      }

      @Override
      public boolean isFile(String path) {
        return false;
      }

      @Override
      public boolean isDirectory(String path) {
        return path.isEmpty();
      }

      @Override
      public List<String> list(String path) {
        return List.of();
      }
    };
  }
}
