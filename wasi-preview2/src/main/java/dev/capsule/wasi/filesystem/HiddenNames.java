package dev.capsule.wasi.filesystem;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names that do not exist in any directory of a grant, at any depth. Compared without regard to
 * case, compatible forms, invisible characters, trailing dots and spaces and what follows a colon,
 * because the host's file system may do so too; by name and not by path, because a guest may rename
 * what lies above.
 */
final class HiddenNames {
  /** Nothing is hidden. */
  static final HiddenNames NONE = new HiddenNames(Set.of());

  /** Format characters are ignored by HFS+, dots and spaces at the end by Windows. */
  private static final Pattern IGNORED = Pattern.compile("\\p{Cf}|[. ]+$");

  private final Set<String> folded;

  HiddenNames(Collection<String> names) {
    folded = names.stream().map(HiddenNames::fold).collect(Collectors.toUnmodifiableSet());
  }

  boolean contains(String name) {
    return !folded.isEmpty() && folded.contains(fold(name));
  }

  private static String fold(String name) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKC);
    int colon = plain.indexOf(':');
    String file = colon > 0 ? plain.substring(0, colon) : plain;
    return IGNORED.matcher(file).replaceAll("").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
