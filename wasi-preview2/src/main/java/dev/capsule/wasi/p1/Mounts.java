package dev.capsule.wasi.p1;

import dev.capsule.wasi.Preopen;
import dev.capsule.wasi.filesystem.ErrorCode;
import dev.capsule.wasi.filesystem.FilesystemException;
import java.util.List;
import java.util.Optional;

/**
 * Directories below one root. A path belongs to the directory whose own path it has the most names
 * of at its beginning, as C libraries decide it among preopened directories: by the text alone, so
 * that ".." and links lead out of no directory.
 */
final class Mounts {
  private record Mount(List<String> names, Preopen preopen) {}

  private final List<Mount> mounts;

  Mounts(List<Preopen> preopens) {
    this.mounts = preopens.stream().map(p -> new Mount(names(p.guestPath()), p)).toList();
  }

  private static List<String> names(String path) {
    return List.of(path.split("/")).stream().filter(Mounts::counts).toList();
  }

  private static boolean counts(String name) {
    return !name.isEmpty() && !name.equals(".");
  }

  /**
   * Where a path leads.
   *
   * @throws FilesystemException with {@code NO_ENTRY} if it belongs to none
   */
  Handle.Place place(String path) {
    Optional<Mount> best = Optional.empty();
    int begin = 0;
    for (Mount mount : mounts) {
      int end = end(mount.names, path);
      if (end >= 0 && best.map(other -> other.names.size() < mount.names.size()).orElse(true)) {
        best = Optional.of(mount);
        begin = end;
      }
    }
    Mount found = best.orElseThrow(() -> new FilesystemException(ErrorCode.NO_ENTRY));
    String rest = path.substring(begin);
    return new Handle.Place(found.preopen.directory(), rest.isEmpty() ? "." : rest);
  }

  /** Where the rest of a path begins behind these names; negative if it has others. */
  private static int end(List<String> names, String path) {
    int at = 0;
    for (String name : names) {
      String next;
      do {
        if (at >= path.length()) {
          return -1;
        }
        int slash = path.indexOf('/', at);
        int end = slash < 0 ? path.length() : slash;
        next = path.substring(at, end);
        at = end + 1;
      } while (!counts(next));
      if (!next.equals(name)) {
        return -1;
      }
    }
    while (at < path.length() && path.charAt(at) == '/') {
      at++;
    }
    return Math.min(at, path.length());
  }
}
