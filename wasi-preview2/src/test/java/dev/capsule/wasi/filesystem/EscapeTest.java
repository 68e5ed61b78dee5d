package dev.capsule.wasi.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.clocks.Datetime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attempts to leave a preopened directory. Each is tried with directories held open by the system
 * and with directories known by path only; afterwards nothing outside may have been read or
 * changed.
 */
class EscapeTest {
  private static final String SECRET = "the secret";

  /** What a guest tries; what it reads it appends to the string. */
  private interface Attempt {
    void on(Scene scene) throws IOException;
  }

  /** A directory with a secret, and the preopened directory next to it. */
  private static final class Scene implements AutoCloseable {
    final Path outside;
    final Path inside;
    final DirectoryDescriptor root;
    final StringBuilder read = new StringBuilder();
    private final boolean byPath;

    Scene(Path base, boolean byPath) throws IOException {
      this.byPath = byPath;
      outside = Files.createTempDirectory(base, "outside");
      Files.writeString(outside.resolve("secret"), SECRET);
      Files.createDirectory(outside.resolve("empty"));
      inside = Files.createDirectory(outside.resolve("inside"));
      Files.createDirectory(inside.resolve("dir"));
      Files.writeString(inside.resolve("file"), "inside");
      root = open(inside);
    }

    DirectoryDescriptor open(Path directory) throws IOException {
      HostDirectory node =
          byPath
              ? new PathHostDirectory(
                  directory.toRealPath(), HiddenNames.NONE, directory.toRealPath())
              : HostDirectory.open(directory, HiddenNames.NONE);
      return DirectoryDescriptor.preopened(
          node, Access.readWrite(), new HandleQuota(1000, 1000), Clocks.host());
    }

    void refused(Runnable attempt) {
      assertThrows(FilesystemException.class, attempt::run);
    }

    void tryToRead(DirectoryDescriptor at, String path) {
      try (Descriptor d = at.openAt(true, path, OpenFlags.NONE, DescriptorFlags.READ)) {
        if (d instanceof FileDescriptor file) {
          ByteBuffer bytes = ByteBuffer.allocate(100);
          file.read(bytes, 0);
          read.append(new String(bytes.array(), StandardCharsets.UTF_8));
        }
      } catch (FilesystemException e) {
        read.append(e.code());
      }
    }

    /** Everything that can be done with a path, in the hope that it leads outside. */
    void everythingWith(String path) {
      tryToRead(root, path);
      attempt(() -> root.openAt(true, path, OpenFlags.CREATE, DescriptorFlags.READ_WRITE).close());
      attempt(
          () ->
              root.openAt(
                      true,
                      path,
                      new OpenFlags(false, false, false, true),
                      DescriptorFlags.READ_WRITE)
                  .close());
      attempt(() -> root.createDirectoryAt(path));
      attempt(() -> root.symlinkAt("x", path));
      attempt(() -> root.linkAt(false, path, root, "stolen"));
      attempt(() -> root.linkAt(false, "file", root, path));
      attempt(() -> root.renameAt(path, root, "stolen2"));
      attempt(() -> root.renameAt("file", root, path));
      attempt(() -> root.unlinkFileAt(path));
      attempt(() -> root.removeDirectoryAt(path));
      NewTimestamp old = new NewTimestamp.Timestamp(new Datetime(1, 0));
      attempt(() -> root.setTimesAt(true, path, old, old));
      tryToRead(root, "stolen");
      tryToRead(root, "stolen2");
    }

    static void attempt(Runnable attempt) {
      try {
        attempt.run();
      } catch (FilesystemException e) {
        // Refusal is what is hoped for; the look from outside decides.
        return;
      }
    }

    void checkOutside() throws IOException {
      assertFalse(read.toString().contains(SECRET), "the secret was read");
      assertEquals(SECRET, Files.readString(outside.resolve("secret")));
      try (Stream<Path> files = Files.list(outside)) {
        assertEquals(
            List.of("empty", "inside", "secret"),
            files.map(f -> f.getFileName().toString()).sorted().toList());
      }
      try (Stream<Path> files = Files.list(outside.resolve("empty"))) {
        assertEquals(0, files.count());
      }
      assertTrue(Files.getLastModifiedTime(outside.resolve("secret")).toMillis() > 1_000_000);
    }

    @Override
    public void close() {
      root.close();
    }
  }

  private static Map<String, Attempt> attempts() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    paths(all);
    plantedLinks(all);
    ownLinks(all);
    moves(all);
    names(all);
    return all;
  }

  private static void paths(Map<String, Attempt> all) {
    for (String path :
        List.of(
            "../secret",
            "dir/../../secret",
            "./../secret",
            ".//..//secret",
            "dir/./.././../secret",
            "../outside/../secret",
            "../inside/../secret",
            "../inside/file",
            "..",
            "../",
            "../.",
            "../empty/new",
            "dir/../../empty/new",
            "../empty",
            "//secret",
            "missing/../../secret",
            "file/../../secret",
            "dir/..//../secret",
            "/proc/self/root/etc/passwd",
            "/proc/self/cwd",
            "/dev/fd/0",
            "/../secret")) {
      all.put("path " + path, s -> s.everythingWith(path));
    }
    all.put(
        "absolute path of the secret",
        s -> s.everythingWith(s.outside.resolve("secret").toString()));
    all.put(
        "dots beyond the directory a handle is open on",
        s -> {
          try (Descriptor dir =
              s.root.openAt(false, "dir", OpenFlags.DIRECTORY, DescriptorFlags.READ)) {
            DirectoryDescriptor d = (DirectoryDescriptor) dir;
            s.refused(() -> d.openAt(false, "../file", OpenFlags.NONE, DescriptorFlags.READ));
            s.tryToRead(d, "../../secret");
          }
        });
  }

  /** Links that were there before the guest started. */
  private static void plantedLinks(Map<String, Attempt> all) {
    for (String target :
        List.of("../secret", "dir/../../secret", "../outside/secret", "../empty/new", "..")) {
      all.put(
          "planted link to " + target,
          s -> {
            Files.createSymbolicLink(s.inside.resolve("link"), Path.of(target));
            s.everythingWith("link");
          });
    }
    for (String target : List.of("..", "../empty", ".")) {
      all.put(
          "through a planted link to " + target,
          s -> {
            Files.createSymbolicLink(s.inside.resolve("link"), Path.of(target));
            s.everythingWith("link/secret");
            s.everythingWith("link/../secret");
            s.everythingWith("link/new");
            s.everythingWith("link/");
          });
    }
    all.put(
        "planted absolute link",
        s -> {
          Files.createSymbolicLink(s.inside.resolve("link"), s.outside.resolve("secret"));
          s.everythingWith("link");
          s.refused(() -> s.root.readLinkAt("link"));
        });
    all.put(
        "planted absolute link to a directory",
        s -> {
          Files.createSymbolicLink(s.inside.resolve("link"), s.outside);
          s.everythingWith("link/secret");
          s.everythingWith("link/empty/new");
          s.everythingWith("link/");
        });
    all.put(
        "planted absolute link that points back inside",
        s -> {
          Files.createSymbolicLink(s.inside.resolve("link"), s.inside);
          s.everythingWith("link/../secret");
          s.refused(() -> s.root.openAt(true, "link/file", OpenFlags.NONE, DescriptorFlags.READ));
        });
    all.put(
        "chain of planted links",
        s -> {
          Files.createSymbolicLink(s.inside.resolve("a"), Path.of("b/c"));
          Files.createSymbolicLink(s.inside.resolve("b"), Path.of("dir"));
          Files.createSymbolicLink(s.inside.resolve("dir/c"), Path.of("../../secret"));
          s.everythingWith("a");
        });
    all.put(
        "dangling link to outside, made by opening it",
        s -> {
          Files.createSymbolicLink(s.inside.resolve("link"), Path.of("../created"));
          s.everythingWith("link");
        });
  }

  /** Links the guest makes itself. */
  private static void ownLinks(Map<String, Attempt> all) {
    for (String target : List.of("../secret", "../../outside/secret", "dir/../../empty/new")) {
      all.put(
          "own link to " + target,
          s -> {
            s.root.symlinkAt(target, "link");
            s.everythingWith("link");
          });
    }
    all.put("own absolute link", s -> s.refused(() -> s.root.symlinkAt("/etc/passwd", "link")));
    all.put(
        "own link that is harmless until it is moved up",
        s -> {
          s.root.symlinkAt("../secret", "dir/link");
          s.tryToRead(s.root, "dir/link");
          s.root.renameAt("dir/link", s.root, "link");
          s.everythingWith("link");
        });
    all.put(
        "hard link to an own link",
        s -> {
          s.root.symlinkAt("../secret", "dir/link");
          Scene.attempt(() -> s.root.linkAt(false, "dir/link", s.root, "link"));
          s.everythingWith("link");
        });
    all.put(
        "hard link through an own link",
        s -> {
          s.root.symlinkAt("..", "up");
          s.refused(() -> s.root.linkAt(false, "up/secret", s.root, "stolen"));
          s.refused(() -> s.root.linkAt(true, "up/secret", s.root, "stolen"));
          s.tryToRead(s.root, "stolen");
        });
  }

  /** Renames while handles are open. */
  private static void moves(Map<String, Attempt> all) {
    all.put(
        "a handle's directory moved up by the guest",
        s -> {
          s.root.createDirectoryAt("dir/deep");
          try (Descriptor deep =
              s.root.openAt(false, "dir/deep", OpenFlags.DIRECTORY, DescriptorFlags.READ)) {
            s.root.renameAt("dir/deep", s.root, "deep");
            s.tryToRead((DirectoryDescriptor) deep, "../../secret");
            s.tryToRead((DirectoryDescriptor) deep, "../secret");
          }
        });
    all.put(
        "a handle's directory moved outside by the host",
        s -> {
          try (Descriptor dir =
              s.root.openAt(false, "dir", OpenFlags.DIRECTORY, DescriptorFlags.READ)) {
            Files.move(s.inside.resolve("dir"), s.outside.resolve("moved"));
            DirectoryDescriptor d = (DirectoryDescriptor) dir;
            s.tryToRead(d, "../secret");
            Scene.attempt(() -> d.createDirectoryAt("made"));
            Scene.attempt(() -> d.symlinkAt("x", "made2"));
            Files.move(s.outside.resolve("moved"), s.inside.resolve("dir"));
          }
        });
    all.put(
        "a handle's directory replaced by a link",
        s -> {
          try (Descriptor dir =
              s.root.openAt(false, "dir", OpenFlags.DIRECTORY, DescriptorFlags.READ)) {
            s.root.renameAt("dir", s.root, "away");
            s.root.symlinkAt("../empty", "dir");
            DirectoryDescriptor d = (DirectoryDescriptor) dir;
            Scene.attempt(() -> d.createDirectoryAt("made"));
            Scene.attempt(() -> d.symlinkAt("x", "made2"));
            Scene.attempt(() -> s.root.linkAt(false, "file", d, "made3"));
            s.tryToRead(d, "../secret");
          }
        });
    all.put(
        "a handle's directory replaced by a link by somebody else",
        s -> {
          try (Descriptor dir =
              s.root.openAt(false, "dir", OpenFlags.DIRECTORY, DescriptorFlags.READ)) {
            Files.move(s.inside.resolve("dir"), s.inside.resolve("away"));
            Files.createSymbolicLink(s.inside.resolve("dir"), Path.of("../empty"));
            DirectoryDescriptor d = (DirectoryDescriptor) dir;
            Scene.attempt(() -> d.createDirectoryAt("made"));
            Scene.attempt(() -> d.symlinkAt("x", "made2"));
            Scene.attempt(() -> s.root.linkAt(false, "file", d, "made3"));
          }
        });
    all.put(
        "the preopened directory itself replaced by a link",
        s -> {
          Path nested = Files.createDirectory(s.inside.resolve("nested"));
          try (DirectoryDescriptor inner = s.open(nested)) {
            s.root.renameAt("nested", s.root, "away");
            s.root.symlinkAt("../empty", "nested");
            Scene.attempt(() -> inner.createDirectoryAt("made"));
            Scene.attempt(() -> inner.symlinkAt("x", "made2"));
            Scene.attempt(
                () ->
                    inner
                        .openAt(false, "made3", OpenFlags.CREATE, DescriptorFlags.READ_WRITE)
                        .close());
          }
        });
    all.put("race: a directory swapped with a link, opening", s -> race(s, EscapeTest::opens));
    all.put("race: a directory swapped with a link, making", s -> race(s, EscapeTest::makes));
    all.put("race: a file swapped with a link", EscapeTest::fileRace);
  }

  private static void opens(DirectoryDescriptor victim, Scene s) {
    s.tryToRead(victim, "swap/secret");
    Scene.attempt(
        () ->
            victim
                .openAt(false, "swap/made", OpenFlags.CREATE, DescriptorFlags.READ_WRITE)
                .close());
    Scene.attempt(() -> victim.unlinkFileAt("swap/made"));
    Scene.attempt(() -> victim.unlinkFileAt("swap/secret"));
    Scene.attempt(() -> victim.renameAt("swap/secret", victim, "stolen"));
  }

  private static void makes(DirectoryDescriptor victim, Scene s) {
    Scene.attempt(() -> victim.createDirectoryAt("swap/made"));
    Scene.attempt(() -> victim.removeDirectoryAt("swap/made"));
    Scene.attempt(() -> victim.symlinkAt("x", "swap/made2"));
    Scene.attempt(() -> victim.unlinkFileAt("swap/made2"));
    Scene.attempt(() -> victim.linkAt(false, "file", victim, "swap/made3"));
    Scene.attempt(() -> victim.unlinkFileAt("swap/made3"));
  }

  private interface Victim {
    void work(DirectoryDescriptor victim, Scene scene);
  }

  /** Two guests share the directory: one swaps a directory with a link while the other works. */
  private static void race(Scene s, Victim victim) throws IOException {
    s.root.createDirectoryAt("swap");
    s.root.symlinkAt("..", "evil");
    AtomicBoolean stop = new AtomicBoolean();
    try (DirectoryDescriptor attacker = s.open(s.inside);
        DirectoryDescriptor other = s.open(s.inside)) {
      Thread swapper =
          new Thread(
              () -> {
                while (!stop.get()) {
                  Scene.attempt(() -> attacker.renameAt("swap", attacker, "real"));
                  Scene.attempt(() -> attacker.renameAt("evil", attacker, "swap"));
                  Scene.attempt(() -> attacker.renameAt("swap", attacker, "evil"));
                  Scene.attempt(() -> attacker.renameAt("real", attacker, "swap"));
                }
              });
      swapper.start();
      for (int i = 0; i < 400; i++) {
        victim.work(other, s);
      }
      stop.set(true);
      join(swapper);
    }
  }

  private static void fileRace(Scene s) throws IOException {
    Files.writeString(s.inside.resolve("swap"), "harmless");
    s.root.symlinkAt("../secret", "evil");
    AtomicBoolean stop = new AtomicBoolean();
    try (DirectoryDescriptor attacker = s.open(s.inside)) {
      Thread swapper =
          new Thread(
              () -> {
                while (!stop.get()) {
                  Scene.attempt(() -> attacker.renameAt("swap", attacker, "real"));
                  Scene.attempt(() -> attacker.renameAt("evil", attacker, "swap"));
                  Scene.attempt(() -> attacker.renameAt("swap", attacker, "evil"));
                  Scene.attempt(() -> attacker.renameAt("real", attacker, "swap"));
                }
              });
      swapper.start();
      for (int i = 0; i < 400; i++) {
        s.tryToRead(s.root, "swap");
        Scene.attempt(
            () ->
                s.root
                    .openAt(
                        true,
                        "swap",
                        new OpenFlags(true, false, false, true),
                        DescriptorFlags.READ_WRITE)
                    .close());
      }
      stop.set(true);
      join(swapper);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Names that something on the way might read differently. */
  private static void names(Map<String, Attempt> all) {
    for (String name :
        List.of(
            "..\u0000/secret",
            "..\\secret",
            "dir\\..\\..\\secret",
            "%2e%2e/secret",
            "\u2024\u2024/secret",
            "\uff0e\uff0e\uff0fsecret",
            ".. /secret",
            "..\t/secret",
            "...",
            ".../secret",
            "C:\\secret",
            "C:secret",
            "file::$DATA",
            "\\\\server\\share",
            "~/secret",
            "~root/x",
            "$HOME/secret",
            "file:///etc/passwd",
            "a".repeat(5000) + "/../secret",
            "dir/".repeat(900) + "../".repeat(901) + "secret")) {
      String shown = name.length() > 40 ? name.substring(0, 40) + "\u2026" : name;
      all.put("name " + shown.replace('\0', '0'), s -> s.everythingWith(name));
    }
  }

  @TestFactory
  List<DynamicTest> noAttemptSucceeds(@TempDir Path base) {
    List<DynamicTest> tests = new ArrayList<>();
    Map<String, Attempt> attempts = attempts();
    assertTrue(attempts.size() >= 60, () -> attempts.size() + " attempts");
    for (boolean byPath : new boolean[] {false, true}) {
      attempts.forEach(
          (name, attempt) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      name + (byPath ? " (by path)" : ""),
                      () -> {
                        try (Scene scene = new Scene(base, byPath)) {
                          attempt.on(scene);
                          scene.checkOutside();
                        }
                      })));
    }
    return tests;
  }
}
