package dev.capsule.task.guest;

import java.nio.file.Path;
import java.util.List;

/**
 * A directory of the host that a guest may use.
 *
 * @param directory the real path on the host
 * @param guestPath the absolute path in the guest
 * @param writable whether the guest may change anything in it
 * @param hidden real paths below {@code directory} that do not exist for the guest, nor anything
 *     below them, and that it cannot create: build cache, trace store
 */
public record Preopen(Path directory, String guestPath, boolean writable, List<Path> hidden) {
  /** Keeps its own copy of the hidden paths. */
  public Preopen {
    hidden = List.copyOf(hidden);
  }
}
