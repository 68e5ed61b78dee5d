package dev.capsule.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that come with this module, as files for other processes to read. */
final class Resources {
  private Resources() {}

  /** Writes a resource to a directory, and answers the file. */
  static Path copy(String name, Path directory) {
    Path file = directory.resolve(name);
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      Files.createDirectories(directory);
      Files.write(file, in.readAllBytes());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }
}
