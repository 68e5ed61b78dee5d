package dev.capsule.wasi.filesystem;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names that do not exist in any directory of a grant, at any depth. Compared without regard to
 * case, because the host's file system may do so too; by name and not by path, because a guest may
 * rename what lies above.
 */
final class HiddenNames {
  /** Nothing is hidden. */
  static final HiddenNames NONE = new HiddenNames(Set.of());

  private final Set<String> folded;

  HiddenNames(Collection<String> names) {
    folded = names.stream().map(HiddenNames::fold).collect(Collectors.toUnmodifiableSet());
  }

  boolean contains(String name) {
    return !folded.isEmpty() && folded.contains(fold(name));
  }

  private static String fold(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
