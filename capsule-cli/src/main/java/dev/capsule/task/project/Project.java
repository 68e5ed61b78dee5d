package dev.capsule.task.project;

import dev.capsule.task.policy.PathSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a program belongs. The root is the directory of the nearest {@code capsule.toml} at or
 * above the program, else at or above the working directory, else the working directory itself;
 * granted directories, {@code .env} files and {@code .capsule} are relative to it.
 *
 * @param root a real path
 * @param manifest what {@code capsule.toml} says
 */
public record Project(Path root, Manifest manifest) {

  /**
   * The project of a program.
   *
   * @param start the program's file or directory
   * @param workingDirectory where the command was given
   */
  public static Project of(Path start, Path workingDirectory) {
    Path real = real(start);
    Optional<Path> manifest =
        findManifest(Files.isDirectory(real) ? real : real.getParent())
            .or(() -> findManifest(real(workingDirectory)));
    return manifest
        .map(file -> new Project(file.getParent(), Manifest.read(file)))
        .orElseGet(() -> new Project(real(workingDirectory), Manifest.NONE));
  }

  /** The project's entrypoint, for commands that were given no file. */
  public Path entrypoint() {
    return root.resolve(
        manifest
            .entrypoint()
            .orElseThrow(
                () ->
                    new ProjectException(
                        "No file given, and no entrypoint in a capsule.toml: name a file, or add"
                            + " entrypoint = \"main.py\" under [workflow]")));
  }

  /** The directory of caches and traces, which no task ever sees. */
  public Path privateDirectory() {
    return root.resolve(PathSpec.PRIVATE_DIRECTORY);
  }

  /** The real path of a file that has to exist. */
  public static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new ProjectException("Cannot resolve source path: " + file + " does not exist", e);
    }
  }

  private static Optional<Path> findManifest(Path start) {
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      for (String name : Manifest.NAMES) {
        Path file = directory.resolve(name);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }
}
