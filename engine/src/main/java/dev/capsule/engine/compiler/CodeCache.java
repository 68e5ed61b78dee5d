package dev.capsule.engine.compiler;

import dev.capsule.engine.binary.Encoder;
import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.module.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that keeps generated classes between processes: a file per module, named by a digest
 * of the module, of this build of the engine and of the options that change code.
 *
 * <p>Whoever can write to the directory can make the engine run code outside of any sandbox: the
 * digests in the files find damage, not malice. So the directory is the user's alone, and must
 * never be granted to a guest.
 */
final class CodeCache {
  static final String SUFFIX = ".code";
  static final String TEMPORARY = ".tmp";

  /** All files together have at most this many bytes; those unused for longest go first. */
  private static final long MAX_BYTES = 512L << 20;

  /** Temporary files of this age were left behind by processes that were killed. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  /**
   * A directory of code that came with the engine, for the launcher: the JVM's archive holds just
   * these classes, so they go before those that this machine's programs have had made. Nothing is
   * written there, and it is trusted like the jars that it lies beside.
   */
  private static final Optional<Path> DELIVERED =
      Optional.ofNullable(System.getProperty("dev.capsule.engine.code")).map(Path::of);

  private final Path directory;
  private final String options;
  private final long maxBytes;

  /**
   * @throws IllegalArgumentException if the directory cannot be made, or others may write to it
   */
  CodeCache(Path directory, EngineConfig config) {
    this(directory, config, MAX_BYTES);
  }

  CodeCache(Path directory, EngineConfig config, long maxBytes) {
    this.directory = directory.toAbsolutePath();
    this.maxBytes = maxBytes;
    this.options = BuildIdentity.value() + "/" + config.fuelMode() + "/" + config.deterministic();
    try {
      create(this.directory);
      requirePrivate(this.directory);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the code cache " + directory + " cannot be used: " + e, e);
    }
  }

  private static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (isPosix(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void requirePrivate(Path directory) throws IOException {
    if (!isPosix(directory)) {
      return;
    }
    PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IllegalArgumentException(
          "the code cache "
              + directory
              + " can be written by others, who could run code through it; chmod go-w it");
    }
  }

  /** What is stored for a module. */
  StoredCode open(ModuleCode code) {
    return open(code, DELIVERED);
  }

  StoredCode open(ModuleCode code, Optional<Path> deliveries) {
    byte[] key = key(code.module);
    String name = HexFormat.of().formatHex(key) + SUFFIX;
    Optional<StoredCode> delivered =
        deliveries.map(from -> new StoredCode(this, from.resolve(name), key, Optional.empty()));
    return new StoredCode(this, directory.resolve(name), key, delivered);
  }

  private byte[] key(Module module) {
    MessageDigest digest = digest();
    digest.update(options.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    // Not with custom sections, which change no code unless they move it: its places are in it.
    digest.update(Encoder.encodeStripped(module));
    ByteBuffer places = ByteBuffer.allocate(module.bodies().size() * Integer.BYTES);
    module.bodies().forEach(body -> places.putInt(body.code().fileOffset(body.code().start())));
    digest.update(places.flip());
    // Names appear in the code, too.
    update(digest, module.names().module().orElse(""));
    for (int i = module.importedFuncs(); i < module.funcCount(); i++) {
      update(digest, module.funcName(i));
    }
    return digest.digest();
  }

  /** Adds a text with its length, so that none runs into the next. */
  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The bytes of a file, which is marked as used; empty where there is none. */
  Optional<byte[]> read(Path file) {
    try {
      if (Files.size(file) > maxBytes) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      markAsUsed(file);
      return Optional.of(bytes);
    } catch (IOException e) {
      // Not there, removed meanwhile, or not readable: the code is generated anew.
      return Optional.empty();
    }
  }

  private static void markAsUsed(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Somebody else's, who may remove it earlier.
      return;
    }
  }

  private static FileAttribute<?>[] readableByAll(Path directory) {
    return isPosix(directory)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"))
        }
        : new FileAttribute<?>[0];
  }

  /** Replaces a file at once, so that no process ever reads a half of it. */
  void write(Path file, byte[] bytes) {
    Path temporary =
        directory.resolve(
            file.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "."
                + System.nanoTime()
                + TEMPORARY);
    try {
      // Whatever the umask: what others could write to, others could run.
      Files.createFile(temporary, readableByAll(directory));
      Files.write(temporary, bytes);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      trim();
    } catch (IOException e) {
      delete(temporary);
    }
  }

  /** Removes what was left behind, and the files unused for longest while there is too much. */
  private void trim() throws IOException {
    record Stored(Path path, long bytes, FileTime used) {}
    List<Stored> files = new ArrayList<>();
    long total = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path path : all) {
        String name = String.valueOf(path.getFileName());
        try {
          FileTime used = Files.getLastModifiedTime(path);
          if (name.endsWith(SUFFIX)) {
            files.add(new Stored(path, Files.size(path), used));
            total += files.getLast().bytes;
          } else if (name.endsWith(TEMPORARY)
              && used.toInstant().isBefore(Instant.now().minus(ABANDONED))) {
            delete(path);
          }
        } catch (NoSuchFileException e) {
          // Another process was faster.
          continue;
        }
      }
    }
    files.sort(Comparator.comparing(Stored::used));
    for (Stored stored : files) {
      if (total <= maxBytes) {
        break;
      }
      delete(stored.path);
      total -= stored.bytes;
    }
  }

  static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path + " from the code cache", e);
    }
  }
}
