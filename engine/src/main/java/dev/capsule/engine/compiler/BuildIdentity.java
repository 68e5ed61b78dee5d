package dev.capsule.engine.compiler;

import dev.capsule.engine.interpreter.SourceDigest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.stream.Stream;

/**
 * What tells this build of the engine from others: generated code calls the engine's own classes,
 * so code that another build has stored must not be used.
 */
final class BuildIdentity {
  /** Raised whenever the layout of stored files changes. */
  private static final int FORMAT = 1;

  private static final String VALUE = compute();

  private BuildIdentity() {}

  static String value() {
    return VALUE;
  }

  private static String compute() {
    Class<?> self = BuildIdentity.class;
    return FORMAT
        + "/"
        + VectorApi.PRESENT
        + "/"
        + SourceDigest.VALUE
        + "/"
        + Runtime.version()
        + "/"
        + place(self);
  }

  /**
   * Size and date of the engine's jar, or the newest date of its class files: of the same sources
   * others may have been made by other compilers, or been changed afterwards. Classes in an image
   * of modules, or in a jar within a jar, have nothing of that.
   */
  private static String place(Class<?> self) {
    CodeSource source = self.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !"file".equals(location.getProtocol())) {
      return "no file";
    }
    try {
      Path path = Path.of(location.toURI());
      if (!Files.isDirectory(path)) {
        return Files.size(path) + "/" + Files.getLastModifiedTime(path);
      }
      try (Stream<Path> files = Files.walk(path.resolve("dev/capsule/engine"))) {
        long newest = 0;
        for (Path file : (Iterable<Path>) files::iterator) {
          newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
        }
        return Long.toString(newest);
      }
    } catch (IOException | URISyntaxException e) {
      // Nothing is known of this build: what it stores is for this process alone.
      return "unknown " + ProcessHandle.current().pid() + " " + System.nanoTime();
    }
  }
}
