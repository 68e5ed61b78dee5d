package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.WaitGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario on directories of the host and in memory. */
class Preview1Test {
  /** All scenarios, named by their function. */
  static Map<String, Consumer<Script>> scenarios() {
    Map<String, Consumer<Script>> all = new LinkedHashMap<>(FileScenarios.all());
    all.putAll(PathScenarios.all());
    all.putAll(ProcessScenarios.all());
    return all;
  }

  private static WasiContext.Builder granted() {
    return WasiContext.builder()
        .arguments("prog", "", "\u00e9a")
        .environment("A", "1")
        .environment("EMPTY", "")
        .stdin(Stdio.bytes("input".getBytes(StandardCharsets.UTF_8)));
  }

  /** The context every scenario starts with, over a fresh directory of the host. */
  static WasiContext onHost(Path directory) throws IOException {
    Path root = Files.createTempDirectory(directory, "root");
    Files.writeString(root.resolve("hello.txt"), "hello world");
    Files.createDirectory(root.resolve("dir"));
    Files.writeString(root.resolve("dir/inner.txt"), "inner");
    Path fixed = Files.createTempDirectory(directory, "fixed");
    Files.writeString(fixed.resolve("fixed"), "fixed");
    return granted()
        .preopen(root, "/data", Access.readWrite())
        .preopen(fixed, "/fixed", Access.readOnly())
        .build();
  }

  /** The context every scenario starts with, over directories in memory. */
  static WasiContext inMemory() {
    MemoryDirectory root =
        MemoryDirectory.create().put("hello.txt", "hello world").put("dir/inner.txt", "inner");
    return granted()
        .preopen(root, "/data", Access.readWrite())
        .preopen(MemoryDirectory.create().put("fixed", "fixed"), "/fixed", Access.readOnly())
        .build();
  }

  @TestFactory
  List<DynamicTest> scenariosHold(@TempDir Path directory) {
    List<DynamicTest> tests = new ArrayList<>();
    scenarios()
        .forEach(
            (name, scenario) -> {
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " (host)",
                      () -> play(scenario, onHost(directory), Version.SNAPSHOT_PREVIEW1)));
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " (memory)",
                      () -> play(scenario, inMemory(), Version.SNAPSHOT_PREVIEW1)));
            });
    return tests;
  }

  private static void play(Consumer<Script> scenario, WasiContext context, Version version) {
    Script script = new Script();
    scenario.accept(script);
    try (context;
        Preview1 functions = new Preview1(version, context, WaitGuard.NONE)) {
      script.playDirectly(functions);
    }
  }

  @Test
  void everyFunctionHasScenarios() {
    Set<String> untested;
    try (WasiContext context = inMemory();
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
      assertEquals(46, functions.functions().size());
      untested = new HashSet<>(functions.functions().keySet());
    }
    scenarios().keySet().forEach(name -> untested.remove(name.split(":")[0]));
    // It ends the script, so it has a test of its own.
    assertEquals(Set.of("proc_exit"), untested);
  }

  @Test
  void procExitAndSignalsEndTheProgram() {
    assertEquals(0, exitOf("proc_exit", 0));
    assertEquals(3, exitOf("proc_exit", 3));
    assertEquals(-1, exitOf("proc_exit", -1));
    assertEquals(134, exitOf("proc_raise", 6));
    assertEquals(143, exitOf("proc_raise", 15));
  }

  private static int exitOf(String function, int argument) {
    try (WasiContext context = inMemory();
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
      Preview1.Body body = functions.functions().get(function).body();
      return assertThrows(
              ProgramExit.class, () -> body.call(new ArrayGuestMemory(16), new long[] {argument}))
          .code();
    }
  }

  @TestFactory
  List<DynamicTest> theOlderVersionHasItsOwnLayouts(@TempDir Path directory) {
    List<DynamicTest> tests = new ArrayList<>();
    OlderScenarios.all()
        .forEach(
            (name, scenario) -> {
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " (host)", () -> play(scenario, onHost(directory), Version.UNSTABLE)));
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " (memory)", () -> play(scenario, inMemory(), Version.UNSTABLE)));
            });
    return tests;
  }

  @Test
  void handlesAreLimited() {
    MemoryDirectory root = MemoryDirectory.create().put("f", "x");
    try (WasiContext context =
            granted().preopen(root, "/data", Access.readWrite()).maxHandles(8).build();
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
      Script s = new Script();
      for (int fd = 4; fd < 8; fd++) {
        s.open("f");
      }
      s.call(Errno.MFILE, "path_open", Script.ROOT, 0, s.str("f"), 0, 0L, 0L, 0, s.alloc(4));
      s.call(0, "fd_close", 5);
      s.open("f");
      s.playDirectly(functions);
    }
  }
}
