package dev.capsule.task.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.guest.Preopen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathSpecTest {
  @TempDir private Path temp;
  private Path root;

  @BeforeEach
  void makeProject() throws IOException {
    root = Files.createDirectories(temp.resolve("project")).toRealPath();
    Files.createDirectories(root.resolve("a/b"));
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("s/x"));
    Files.createDirectories(root.resolve(".capsule/builds"));
    Files.createDirectories(root.resolve("deep/.capsule"));
    Files.writeString(root.resolve("file.txt"), "x");
    Files.createDirectories(temp.resolve("outside"));
    Files.createSymbolicLink(root.resolve("out"), temp.resolve("outside"));
    Files.createSymbolicLink(root.resolve("private"), root.resolve(".capsule/builds"));
    Files.createSymbolicLink(root.resolve("in"), root.resolve("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "./data, data, /data, true",
    "data, data, /data, true",
    "data:rw, data, /data, true",
    "./a/b:ro, a/b, /a/b, false",
    "s/x::workspace:ro, s/x, /workspace, false",
    "s/x::/workspace, s/x, /workspace, true",
    "./, '', /, true",
    "'', '', /, true",
    "., '', /, true",
    "::w, '', /w, true",
    "a::b::c, a, /b::c, true",
    "././data, data, /data, true",
    "in, a, /in, true",
    "a/../data, data, /data, true",
  })
  void accepted(String text, String host, String guest, boolean writable) {
    Preopen preopen = PathSpec.parse("allowed_files", text).resolve("allowed_files", root);
    assertEquals(host.isEmpty() ? root : root.resolve(host), preopen.directory());
    assertEquals(guest, preopen.guestPath());
    assertEquals(writable, preopen.writable());
  }

  @ParameterizedTest
  @CsvSource({
    "data:RO, does not exist",
    "~/x, does not exist",
    "../missing, does not exist",
    "../outside, escapes",
    "out, escapes",
    "/etc, absolute paths",
    "file.txt, not a directory",
    ".capsule, belongs to Capsule",
    ".capsule/builds:ro, belongs to Capsule",
    "a/../.capsule, belongs to Capsule",
    "deep/.capsule, belongs to Capsule",
    "private, belongs to Capsule",
    "data::../x, without",
  })
  @Differs(
      section = "Files and hosts",
      topic = "guest path with `..`",
      original = "accepted",
      here = "refused")
  void refused(String text, String reason) {
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () -> PathSpec.parse("--mount", text).resolve("--mount", root));
    assertTrue(e.getMessage().startsWith("--mount: \"" + text + "\""), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  @Differs(
      section = "Files and hosts",
      topic = "`.capsule` in grants",
      original = "possible",
      here = "refused, and hidden inside others")
  void privateDirectoriesInsideAreHidden() {
    Preopen preopen = PathSpec.parse("allowed_files", "./").resolve("allowed_files", root);
    assertEquals(Set.of(".capsule"), preopen.hiddenNames());
  }
}
