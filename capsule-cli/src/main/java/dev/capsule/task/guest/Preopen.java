package dev.capsule.task.guest;

import java.nio.file.Path;
import java.util.Set;

/**
 * A directory of the host that a guest may use.
 *
 * @param directory the real path on the host
 * @param guestPath the absolute path in the guest
 * @param writable whether the guest may change anything in it
 * @param hiddenNames names that do not exist for the guest at any depth of the directory, in any
 *     case of letters, and that it cannot make: the host's own caches
 */
public record Preopen(Path directory, String guestPath, boolean writable, Set<String> hiddenNames) {
  /** Keeps its own copy of the names. */
  public Preopen {
    hiddenNames = Set.copyOf(hiddenNames);
  }
}
