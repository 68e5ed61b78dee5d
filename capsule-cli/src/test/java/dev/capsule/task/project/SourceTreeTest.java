package dev.capsule.task.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.task.guest.Language;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.Sources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTreeTest {
  @TempDir private Path temp;
  private Path root;

  @BeforeEach
  void makeProject() throws IOException {
    root = temp.toRealPath().resolve("p");
    write("src/main.py");
    write("src/pkg/__init__.py");
    write("src/pkg/data.json");
    write("src/.env");
    write("src/notes.txt");
    write("src/.secret.py");
    write(".capsule/x.py");
    write("venv/y.py");
    write("web/main.ts");
    write("web/data.json");
    write("web/other.json");
    write("web/package.json");
    write("web/.hidden/a.js");
    Files.writeString(temp.resolve("outside.py"), "o");
    Files.createSymbolicLink(root.resolve("src/link.py"), temp.resolve("outside.py"));
    Files.createSymbolicLink(root.resolve("src/inner.py"), root.resolve("src/.secret.py"));
    Files.createSymbolicLink(root.resolve("src/up"), root.resolve(".capsule"));
    Files.createSymbolicLink(root.resolve("src/good.py"), root.resolve("src/main.py"));
  }

  @Test
  void showsSourceTextOfTheLanguage() {
    Program program = SourceTree.program(root.resolve("src/main.py"), root);
    assertEquals(Language.PYTHON, program.language());
    assertEquals("src/main.py", program.entry());
    assertEquals("src", program.directory());
    assertEquals("main", program.stem());
    assertEquals("src/main.py", text(program.sources(), "src/main.py"));
    assertEquals("src/main.py", text(program.sources(), "src/good.py"));
    assertTrue(program.sources().isDirectory("src/pkg"));
    assertEquals(List.of("__init__.py"), program.sources().list("src/pkg"));
    assertEquals(List.of("src", "web"), program.sources().list(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/.env",
        "src/notes.txt",
        "src/pkg/data.json",
        "src/.secret.py",
        ".capsule/x.py",
        "venv/y.py",
        "src/link.py",
        "src/inner.py",
        "src/up/x.py",
        "../outside.py",
        "src/../src/main.py",
        "src//main.py",
        "./src/main.py",
        "/etc/passwd",
        "src/main.py/",
        "src",
        "src/a\u0000.py",
        "missing.py"
      })
  void showsNothingElse(String path) {
    Sources sources = SourceTree.program(root.resolve("src/main.py"), root).sources();
    assertTrue(sources.read(path).isEmpty());
    assertFalse(sources.isFile(path));
  }

  @Test
  void aSealedProgramSeesOnlyTheDataItsBuildRead() {
    Program building = SourceTree.program(root.resolve("web/main.ts"), root);
    assertEquals("web/data.json", text(building.sources(), "web/data.json"));
    Set<String> built = ((SourceTree) building.sources()).seen().keySet();
    Sources sealed = SourceTree.sealed(building, built).sources();
    assertEquals("web/data.json", text(sealed, "web/data.json"));
    assertEquals("web/package.json", text(sealed, "web/package.json"));
    assertEquals("web/main.ts", text(sealed, "web/main.ts"));
    assertTrue(sealed.read("web/other.json").isEmpty());
    assertTrue(sealed.read("web/.hidden/a.js").isEmpty());
  }

  @Test
  void aFileOutsideTheProjectHasItsOwnRoot() {
    Program program = SourceTree.program(temp.resolve("outside.py"), root);
    assertEquals("outside.py", program.entry());
    assertEquals("", program.directory());
  }

  @Test
  void packagesMayLieHigherUp() throws IOException {
    write("../node_modules/dep/index.js");
    Program program = SourceTree.program(root.resolve("web/main.ts"), root.resolve("web"));
    assertEquals("p/web/main.ts", program.entry());
    assertTrue(program.sources().isFile("node_modules/dep/index.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/notes.txt", "missing.py"})
  void refusesWhatIsNoProgram(String file) {
    assertThrows(ProjectException.class, () -> SourceTree.program(root.resolve(file), root));
  }

  private static String text(Sources sources, String path) {
    return new String(sources.read(path).orElseThrow(), StandardCharsets.UTF_8);
  }

  private void write(String path) throws IOException {
    Path file = root.resolve(path).normalize();
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
  }
}
