package dev.capsule.task.project;

import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds of programs, one file each in {@code .capsule/builds}. A file's name is a digest of the
 * entry's path, the language and the identity of its runtime; its content holds the digests of all
 * answers that the sources gave while building, so any change of a file, or a file that appears or
 * disappears, makes it stale. Files are written aside and renamed, so that concurrent builds never
 * see a half one; a damaged file counts as absent.
 */
public final class BuildCache {
  private static final String SUFFIX = ".build";
  private static final Duration UNUSED = Duration.ofDays(30);
  private static final Duration LEFT_OVER = Duration.ofHours(1);

  private final Path directory;

  /**
   * The cache of a project's {@code .capsule} directory; nothing is created before it is needed.
   */
  public BuildCache(Path privateDirectory) {
    this.directory = privateDirectory.resolve("builds");
  }

  /**
   * A build from the cache.
   *
   * @param build the build
   * @param answers what the sources answered while it was made
   */
  public record Entry(Build build, Map<String, String> answers) {}

  /**
   * A file of the cache, for people.
   *
   * @param name the file's name
   * @param entry the program's path within its sources; empty for a damaged file
   * @param bytes its size
   * @param used when it was last used
   */
  public record Listed(String name, String entry, long bytes, Instant used) {}

  /** The build of a program, if there is one and nothing has changed since. */
  public Optional<Entry> find(Program program, String identity) {
    Path file = file(program, identity);
    Optional<BuildFile> stored = read(file);
    if (stored.isEmpty()
        || !stored.get().entry().equals(program.entry())
        || !((TrackedSources) program.sources()).stillGives(stored.get().answers())) {
      return Optional.empty();
    }
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Somebody cleared the cache, or it is read-only: the build in hand is good all the same.
    }
    return stored.map(found -> new Entry(found.build(), found.answers()));
  }

  /**
   * Keeps a build.
   *
   * @throws ProjectException if it cannot be written
   */
  public void store(Program program, String identity, Entry entry) {
    byte[] bytes = new BuildFile(program.entry(), entry.answers(), entry.build()).toBytes();
    Path file = file(program, identity);
    try {
      create(directory);
      Path aside = Files.createTempFile(directory, "new", ".tmp");
      try {
        Files.write(aside, bytes);
        move(aside, file);
      } finally {
        Files.deleteIfExists(aside);
      }
      removeOld();
    } catch (IOException e) {
      throw new ProjectException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** All builds, the last used first. */
  public List<Listed> list() {
    List<Listed> listed = new ArrayList<>();
    for (Path file : files(SUFFIX)) {
      try {
        listed.add(
            new Listed(
                file.getFileName().toString(),
                read(file).map(BuildFile::entry).orElse(""),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant()));
      } catch (IOException e) {
        // Removed meanwhile: nothing to list.
      }
    }
    listed.sort(Comparator.comparing(Listed::used).reversed());
    return listed;
  }

  /** Removes all builds; gives how many bytes that were. */
  public long clear() {
    long bytes = 0;
    for (Path file : files("")) {
      try {
        bytes += Files.size(file);
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new ProjectException("Cannot remove " + file + ": " + e.getMessage(), e);
      }
    }
    return bytes;
  }

  /** Creates a private directory, with a note for version control to leave it alone. */
  public static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Path note = directory.getParent().resolve(".gitignore");
      try {
        Files.writeString(Files.createFile(note), "*\n");
      } catch (FileAlreadyExistsException e) {
        // Written before.
      }
    }
  }

  private Path file(Program program, String identity) {
    String key =
        String.join(
            "\n",
            BuildFile.FORMAT,
            ((TrackedSources) program.sources()).root().toString(),
            program.entry(),
            program.language().id(),
            identity);
    String digest = Digests.sha256(key.getBytes(StandardCharsets.UTF_8));
    return directory.resolve(digest.substring(0, 32) + SUFFIX);
  }

  private static Optional<BuildFile> read(Path file) {
    try {
      return BuildFile.of(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void removeOld() throws IOException {
    Instant now = Instant.now();
    for (Path file : files("")) {
      Duration age = file.toString().endsWith(SUFFIX) ? UNUSED : LEFT_OVER;
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(age))) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        // Another process was faster.
      }
    }
  }

  private List<Path> files(String suffix) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new ProjectException("Cannot read " + directory + ": " + e.getMessage(), e);
    }
  }
}
