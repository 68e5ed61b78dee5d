package dev.capsule.task.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.compatibility.Differs;
import dev.capsule.task.guest.Build;
import dev.capsule.task.guest.Program;
import dev.capsule.task.guest.TaskDeclaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildCacheTest {
  private static final TaskDeclaration MAIN =
      new TaskDeclaration("main", "{\"ram\":\"1MB\"}", "main(a)", "a.py", 3, true);

  @TempDir private Path temp;
  private Path root;
  private BuildCache cache;

  @BeforeEach
  void makeProject() throws IOException {
    root = temp.toRealPath();
    Files.writeString(root.resolve("a.py"), "import helper");
    Files.writeString(root.resolve("b.py"), "import helper");
    Files.writeString(root.resolve("helper.py"), "1");
    cache = new BuildCache(root.resolve(".capsule"));
  }

  @Test
  void givesBackWhatWasStored() {
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
    store("a.py", new byte[] {1, 2, 3});
    BuildCache.Entry found = cache.find(program("a.py"), "id").orElseThrow();
    assertEquals(List.of(MAIN), found.build().tasks());
    assertArrayEquals(new byte[] {1, 2, 3}, found.build().outputs().get("out"));
    assertTrue(found.answers().containsKey("rhelper.py"));
    assertEquals(Optional.empty(), cache.find(program("a.py"), "other identity"));
    assertEquals(Optional.empty(), cache.find(program("b.py"), "id"));
  }

  @Test
  @Differs(
      section = "Builds and records",
      topic = "build cache",
      original = "one fingerprint for a directory; misses some changes",
      here = "one build for each program, by content")
  void anyChangeOfTheSourcesMakesItStaleForEveryEntry() throws IOException {
    store("a.py", new byte[0]);
    store("b.py", new byte[0]);
    Files.writeString(root.resolve("helper.py"), "2");
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
    store("a.py", new byte[0]);
    assertTrue(cache.find(program("a.py"), "id").isPresent());
    assertEquals(Optional.empty(), cache.find(program("b.py"), "id"));
    Files.writeString(root.resolve("optional.py"), "new");
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
    Files.delete(root.resolve("optional.py"));
    assertTrue(cache.find(program("a.py"), "id").isPresent());
    Files.delete(root.resolve("helper.py"));
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 33, 60, -1})
  void aDamagedFileCountsAsAbsent(int position) throws IOException {
    store("a.py", new byte[100]);
    Path file = onlyFile();
    byte[] bytes = Files.readAllBytes(file);
    int at = position < 0 ? bytes.length - 1 : position;
    bytes[at] ^= 1;
    Files.write(file, bytes);
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
    assertEquals("", cache.list().get(0).entry());
    bytes[at] ^= 1;
    Files.write(file, Arrays.copyOf(bytes, at));
    assertEquals(Optional.empty(), cache.find(program("a.py"), "id"));
    store("a.py", new byte[100]);
    assertTrue(cache.find(program("a.py"), "id").isPresent());
  }

  @Test
  void concurrentBuildsNeverShowAHalfOne() throws Exception {
    byte[] large = new byte[200_000];
    new Random(1).nextBytes(large);
    store("a.py", large);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers =
          List.of(pool.submit(() -> storeOften(large)), pool.submit(() -> storeOften(large)));
      while (!writers.stream().allMatch(Future::isDone)) {
        assertTrue(cache.find(program("a.py"), "id").isPresent());
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertEquals(1, cache.list().size());
  }

  @Test
  void isListedAndCleared() throws IOException {
    store("a.py", new byte[10]);
    store("b.py", new byte[10]);
    assertEquals(2, cache.list().size());
    assertTrue(cache.list().stream().anyMatch(listed -> listed.entry().equals("b.py")));
    long size = cache.list().stream().mapToLong(BuildCache.Listed::bytes).sum();
    assertEquals(size, cache.clear());
    assertEquals(List.of(), cache.list());
    assertEquals("*\n", Files.readString(root.resolve(".capsule/.gitignore")));
  }

  private void storeOften(byte[] bytes) {
    for (int i = 0; i < 40; i++) {
      store("a.py", bytes);
    }
  }

  private void store(String entry, byte[] output) {
    Program program = program(entry);
    program.sources().read(entry);
    program.sources().read("helper.py");
    program.sources().isFile("optional.py");
    Build build = new Build(List.of(MAIN), Map.of("out", output));
    cache.store(
        program, "id", new BuildCache.Entry(build, ((SourceTree) program.sources()).seen()));
  }

  private Program program(String entry) {
    return SourceTree.program(root.resolve(entry), root);
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(root.resolve(".capsule/builds"))) {
      return files.findFirst().orElseThrow();
    }
  }
}
