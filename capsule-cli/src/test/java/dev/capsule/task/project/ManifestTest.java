package dev.capsule.task.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.policy.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
  @TempDir private Path temp;

  @Test
  void everyKey() throws IOException {
    Manifest manifest =
        read(
            """
            [workflow]
            name = "n"
            version = "1"
            entrypoint = "src/main.py"
            unknown = 3
            [tasks]
            default_compute = "MEDIUM"
            default_ram = "256MB"
            default_timeout = "30s"
            default_max_retries = 2
            default_allowed_files = ["data", { path = "in", mode = "ro" }]
            default_allowed_hosts = ["example.com"]
            default_env_variables = ["KEY"]
            [limits]
            compute = "HIGH"
            ram = "1GB"
            timeout = "1m"
            hosts = ["*.example.com"]
            files = []
            env = ["KEY"]
            max_tasks = 5
            max_download = "1MB"
            """);
    assertEquals(Optional.of("src/main.py"), manifest.entrypoint());
    assertEquals(OptionalLong.of(Quantities.MEDIUM), manifest.defaults().compute());
    assertEquals(OptionalLong.of(256L << 20), manifest.defaults().ram());
    assertEquals(Optional.of(Duration.ofSeconds(30)), manifest.defaults().timeout());
    assertEquals(OptionalInt.of(2), manifest.defaults().maxRetries());
    assertEquals(2, manifest.defaults().files().orElseThrow().size());
    assertEquals(Quantities.HIGH, manifest.limits().compute());
    assertEquals(Optional.of(List.of()), manifest.limits().files());
    assertEquals(5, manifest.limits().maxTasks());
    assertEquals(1L << 20, manifest.limits().maxDownload());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"low\"`, 100000000",
        "`\"Medium\"`, 2000000000",
        "`\"HIGH\"`, 50000000000",
        "`\"77\"`, 77",
        "`{ custom = 42 }`, 42",
        "42, 42",
      })
  @Differs(
      section = "Configuration",
      topic = "`default_compute = \"MEDIUM\"`",
      original = "a parse error",
      here = "works, in any case")
  void defaultComputeInEveryForm(String value, long fuel) throws IOException {
    Manifest manifest = read("[tasks]\ndefault_compute = " + value + "\n");
    assertEquals(OptionalLong.of(fuel), manifest.defaults().compute());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[tasks]\\ndefault_compute = \"FAST\"| compute: \"FAST\"",
        "[tasks]\\ndefault_compute = { custom = \"x\" }| tasks.default_compute",
        "[tasks]\\ndefault_ram = \"lots\"| ram: \"lots\"",
        "[tasks]\\ndefault_ram = 512| ram: 512",
        "[tasks]\\ndefault_timeout = \"30\"| timeout: \"30\"",
        "[tasks]\\ndefault_max_retries = -1| max_retries: -1",
        "[tasks]\\ndefault_max_retries = true| tasks.default_max_retries: true",
        "[limits]\\nfuel = 3| there is no fuel",
        "[limits]\\nmax_tasks = \"many\"| max_tasks: \"many\"",
        "[limits]\\nram = true| ram: true",
        "[limits]\\nhosts = [3]| hosts: 3",
        "tasks = 3| tasks: 3",
        "[workflow]\\nentrypoint = 3| workflow.entrypoint: 3",
      })
  void refusedNamingTheFileAndTheValue(String toml, String message) {
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> read(toml.replace("\\n", "\n") + "\n"));
    assertTrue(e.getMessage().contains("capsule.toml"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void syntaxErrorsSayWhere() {
    ProjectException e =
        assertThrows(ProjectException.class, () -> read("[tasks]\ndefault_compute = MEDIUM\n"));
    assertTrue(e.getMessage().contains("line 2, column 19"), e.getMessage());
  }

  @Test
  @Differs(
      section = "Configuration",
      topic = "capsule.toml",
      original = "in the working directory",
      here = "upwards from the file, then from the working directory")
  void theRootIsWhereTheManifestIs() throws IOException {
    Path root = Files.createDirectories(temp.resolve("p/src/deep")).getParent().getParent();
    Path file = Files.writeString(root.resolve("src/deep/main.py"), "");
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    assertEquals(elsewhere.toRealPath(), Project.of(file, elsewhere).root());
    Files.writeString(elsewhere.resolve("Capsule.toml"), "[workflow]\nentrypoint = \"e.py\"\n");
    assertEquals(elsewhere.toRealPath().resolve("e.py"), Project.of(file, elsewhere).entrypoint());
    Files.writeString(root.resolve("capsule.toml"), "");
    assertEquals(root.toRealPath(), Project.of(file, elsewhere).root());
    ProjectException e =
        assertThrows(ProjectException.class, () -> Project.of(file, elsewhere).entrypoint());
    assertTrue(e.getMessage().contains("[workflow]"), e.getMessage());
    assertThrows(ProjectException.class, () -> Project.of(temp.resolve("missing.py"), elsewhere));
  }

  private Manifest read(String toml) throws IOException {
    return Manifest.read(Files.writeString(temp.resolve("capsule.toml"), toml));
  }
}
