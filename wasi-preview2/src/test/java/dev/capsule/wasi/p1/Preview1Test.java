package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.cli.ProgramExit;
import dev.capsule.wasi.cli.Stdio;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import dev.capsule.wasi.io.WaitGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
                      name + " (host)", () -> play(scenario, onHost(directory))));
              tests.add(
                  DynamicTest.dynamicTest(name + " (memory)", () -> play(scenario, inMemory())));
            });
    return tests;
  }

  private static void play(Consumer<Script> scenario, WasiContext context) {
    Script script = new Script();
    scenario.accept(script);
    try (context;
        Preview1 functions = new Preview1(Version.SNAPSHOT_PREVIEW1, context, WaitGuard.NONE)) {
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

  @Test
  void theOlderVersionHasItsOwnLayouts() {
    WasiContext context = inMemory();
    try (context;
        Preview1 functions = new Preview1(Version.UNSTABLE, context, WaitGuard.NONE)) {
      Script s = new Script();
      Script.Load fd = s.open("hello.txt");
      int a = s.alloc(8);
      s.call(0, "fd_seek", fd, 4L, 2, a);
      int b = s.alloc(8);
      s.call(0, "fd_seek", fd, 1L, 0, b);
      int c = s.alloc(8);
      s.call(0, "fd_seek", fd, -1L, 1, c);
      s.i64(a, 4).i64(b, 5).i64(c, 10);
      int stat = s.stat("hello.txt");
      s.i8(stat + 16, 4).i32(stat + 20, 1).i64(stat + 24, 11);
      ByteBuffer in = ByteBuffer.allocate(112).order(ByteOrder.LITTLE_ENDIAN);
      in.putLong(7)
          .putLong(0)
          .putLong(99)
          .putLong(1)
          .putLong(3_600_000_000_000L)
          .putLong(0)
          .putLong(0);
      in.putLong(8).putLong(1).putLong(77);
      int events = s.alloc(64);
      int n = s.alloc(4);
      s.call(0, "poll_oneoff", s.bytes(in.array()), events, 2, n);
      s.i32(n, 1).i64(events, 8).i64(events + 8, Errno.BADF | 1L << 16);
      s.playDirectly(functions);
    }
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
      assertTrue(functions.functions().containsKey("fd_close"));
    }
  }
}
