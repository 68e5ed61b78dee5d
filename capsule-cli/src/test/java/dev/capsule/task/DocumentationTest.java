package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.task.guest.ErrorType;
import dev.capsule.task.policy.Limits;
import dev.capsule.task.project.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages on tasks say what is true, as far as a program can tell. */
class DocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("capsule.root", ".."));
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)(?:\\.([a-zA-Z]+))?`");

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"compatibility.md", "security.md"})
  void everyTestThatIsNamedExists(String page) throws IOException {
    List<String> missing = new ArrayList<>();
    int count = 0;
    for (Matcher named = TEST.matcher(page(page)); named.find(); count++) {
      String source = source(named.group(1));
      String method = named.group(2);
      if (source.isEmpty() || (method != null && !source.contains(" " + method + "("))) {
        missing.add(named.group());
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(count > 10, "tests are named");
  }

  @Test
  void theManifestThatIsShownIsAccepted() throws IOException {
    String page = page("configuration.md");
    String toml = page.substring(page.indexOf("```toml\n") + 8);
    Path file = temp.resolve("capsule.toml");
    Files.writeString(file, toml.substring(0, toml.indexOf("```")));
    Manifest manifest = Manifest.read(file);
    assertEquals("main.py", manifest.entrypoint().orElseThrow());
    Limits unset = Limits.defaults();
    assertEquals(unset.maxTasks(), manifest.limits().maxTasks());
    assertEquals(unset.maxDepth(), manifest.limits().maxDepth());
    assertEquals(unset.maxRequests(), manifest.limits().maxRequests());
    assertEquals(unset.maxDownload(), manifest.limits().maxDownload());
    assertEquals(unset.maxUpload(), manifest.limits().maxUpload());
    assertEquals(unset.maxOutput(), manifest.limits().maxOutput());
    assertEquals(unset.maxResult(), manifest.limits().maxResult());
    assertEquals(unset.ram(), manifest.limits().ram());
  }

  @Test
  void everyCeilingAndEveryKindOfErrorIsDescribed() throws IOException {
    for (String key : Limits.KEYS) {
      assertTrue(page("configuration.md").contains("`" + key + "`"), key);
    }
    for (ErrorType type : ErrorType.values()) {
      assertTrue(page("tasks.md").contains("| `" + type.wireName() + "` |"), type::wireName);
    }
  }

  private static String page(String name) throws IOException {
    return Files.readString(ROOT.resolve("docs").resolve(name));
  }

  private static String source(String test) {
    StringBuilder text = new StringBuilder();
    for (String module :
        List.of("engine", "component-model", "wasi-preview2", "capsule-cli", "spec-tests")) {
      Path tests = ROOT.resolve(module).resolve("src/test");
      try (Stream<Path> files = Files.isDirectory(tests) ? Files.walk(tests) : Stream.empty()) {
        files.filter(file -> file.endsWith(test + ".java")).forEach(f -> text.append(read(f)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }

  private static String read(Path file) {
    try {
      String text = Files.readString(file);
      assertFalse(text.isEmpty());
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
