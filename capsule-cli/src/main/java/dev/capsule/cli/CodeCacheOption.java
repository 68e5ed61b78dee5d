package dev.capsule.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Where compiled code is kept between runs. Whoever can write there can run code outside of the
 * sandbox, so it is never kept where the guest may write.
 */
final class CodeCacheOption {
  private static final String NAME = "--code-cache";
  private static final String OFF = "off";

  private CodeCacheOption() {}

  static void describe(CommandSpec spec) {
    spec.addOption(
        Options.text(
            NAME,
            "DIR|off",
            "Keep compiled code there; by default in the user's cache directory, unless the"
                + " program may write to it."));
  }

  /** The directory that was asked for, or the default one; empty for none. */
  static Optional<Path> directory(ParseResult arguments, Iterable<Path> granted) {
    String value = arguments.matchedOptionValue(NAME, "");
    if (value.equals(OFF)) {
      return Optional.empty();
    }
    Optional<Path> directory =
        value.isEmpty() ? userDirectory() : Optional.of(Path.of(value).toAbsolutePath());
    for (Path grant : granted) {
      if (directory.isPresent() && isBelow(directory.get(), grant)) {
        if (!value.isEmpty()) {
          throw Options.wrong(
              arguments,
              NAME + " \"" + value + "\" is within " + grant + ", which the program is granted");
        }
        return Optional.empty();
      }
    }
    return directory;
  }

  private static Optional<Path> userDirectory() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    String home = System.getProperty("user.home", "");
    if (!cache.isEmpty() && Path.of(cache).isAbsolute()) {
      return Optional.of(Path.of(cache, "capsule", "code"));
    }
    return home.isEmpty() || !Files.isWritable(Path.of(home))
        ? Optional.empty()
        : Optional.of(Path.of(home, ".cache", "capsule", "code"));
  }

  /** Whether a directory is in another or contains it, by their real places. */
  private static boolean isBelow(Path directory, Path grant) {
    Path inner = real(directory);
    Path outer = real(grant);
    return inner.startsWith(outer) || outer.startsWith(inner);
  }

  /** The real place of a path, of which the end may not exist yet. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    for (Path at = absolute; at != null; at = at.getParent()) {
      try {
        return at.toRealPath().resolve(at.relativize(absolute)).normalize();
      } catch (IOException e) {
        // Not there yet: its parent may be.
        continue;
      }
    }
    return absolute;
  }
}
